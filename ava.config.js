export default {
  files: ['test/**/*.test.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=tsx', '--conditions=source'],
  workerThreads: false,
  // Circuits, and with them what tests expect, must not depend on the machine.
  environmentVariables: { BLINDFIT_CALIBRATION: 'default' },
  concurrency: 2,
  timeout: '2m',
};
