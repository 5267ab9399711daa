import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';

/** Runs the build with no other Rust than tools that say `version`; without one, with none at all. */
function build(version?: string): { status: number | null; stderr: string } {
  const home = mkdtempSync(join(tmpdir(), 'blindfit-'));
  const bin = join(home, 'bin');
  mkdirSync(bin);
  for (const tool of version === undefined ? [] : ['cargo', 'rustc']) {
    writeFileSync(join(bin, tool), `#!/bin/sh\necho "${tool} ${version}"\n`);
    chmodSync(join(bin, tool), 0o755);
  }
  // Other flags than those of the last build make it stale.
  const env = { PATH: bin, HOME: home, CARGO_HOME: home, RUSTFLAGS: '--cfg stale' };
  try {
    return spawnSync(process.execPath, ['lib/native/build.mjs'], { env, encoding: 'utf8' });
  } finally {
    rmSync(home, { recursive: true });
  }
}

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('without Rust the build ends with one sentence that says how to install it', (t) => {
  const { status, stderr } = build();
  t.is(status, 1);
  t.regex(stderr, /^Blindfit needs Rust 1\.91 or newer, but `cargo` is not found: install .*\.\n$/);
});

onUnix('with an older Rust the build ends with one sentence that says how to update it', (t) => {
  const { status, stderr } = build('1.90.1 (0123abc 2025-01-01)');
  t.is(status, 1);
  t.regex(
    stderr,
    /^Blindfit needs Rust 1\.91 or newer, but `cargo` is 1\.90\.1: run `rustup update stable` .*\.\n$/,
  );
});
