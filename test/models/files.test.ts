/** What files may hold, and what is refused, with all that is not supported in one error. */
import test from 'ava';
import {
  fromCatBoost,
  fromLightGBM,
  fromOnnx,
  fromXGBoost,
  type ImportedClassifier,
} from '../../models/index.ts';
import { modelFixture, rowsOf, valuesOf } from './support.ts';

type Json = Record<string, unknown>;
interface Learner {
  learner_model_param: Json;
  objective: Json;
  gradient_booster: { name: string; model: { trees: Json[]; tree_info: number[] } };
}

/** A file of XGBoost after a change. */
function changed(name: string, change: (learner: Learner) => void): object {
  const file = structuredClone(modelFixture(name).model) as { learner: Learner };
  change(file.learner);
  return file;
}

test('a file comes as text, as bytes, or as the object that it holds', (t) => {
  const { model } = modelFixture('xgboost-binary');
  const text = JSON.stringify(model);
  const expected = fromXGBoost(model).fitted;
  t.deepEqual(fromXGBoost(text).fitted, expected);
  t.deepEqual(fromXGBoost(new TextEncoder().encode(text)).fitted, expected);
  const other = modelFixture('lightgbm-binary').model as string;
  const bytes = new TextEncoder().encode(other);
  t.deepEqual(fromLightGBM(bytes).fitted, fromLightGBM(other).fitted);
  t.deepEqual(fromLightGBM(other.replaceAll('\n', '\r\n')).fitted, fromLightGBM(other).fitted);
});

test('files of other kinds are refused, with the way to save one', (t) => {
  const json = { code: 'BAD_MODEL', message: /save_model\('model\.json'\)/ } as const;
  for (const bytes of [Uint8Array.of(0x7b, 0x4c), Uint8Array.of(0xff), '', 'tree']) {
    t.throws(() => fromXGBoost(bytes), json);
  }
  t.throws(() => fromXGBoost({}), { code: 'BAD_MODEL', message: /fromXGBoost\.learner/ });
  t.throws(() => fromXGBoost([]), { code: 'BAD_MODEL' });
  t.throws(() => fromCatBoost('{}'), { code: 'BAD_MODEL', message: /model_info/ });
  const text = { code: 'BAD_MODEL', message: /save_model\('model\.txt'\)/ } as const;
  t.throws(() => fromLightGBM('{}'), text);
  t.throws(() => fromLightGBM(Uint8Array.of(0xff, 0xfe)), { code: 'BAD_MODEL' });
  const cut = (modelFixture('lightgbm-binary').model as string).slice(0, 2000);
  t.throws(() => fromLightGBM(cut), { code: 'BAD_MODEL', message: /end of trees/ });
});

test('base_score may be a list, as since version 3, of one number or one for each output', (t) => {
  const binary = changed('xgboost-binary', ({ learner_model_param: parameters }) => {
    parameters.base_score = `[${parameters.base_score}]`;
  });
  t.deepEqual(fromXGBoost(binary).fitted, fromXGBoost(modelFixture('xgboost-binary').model).fitted);
  const several = changed('xgboost-multi', ({ learner_model_param: parameters }) => {
    parameters.base_score = '[1E-1,2E-1,3E-1]';
  });
  const { core } = fromXGBoost(several).fitted;
  t.deepEqual(core.kind === 'trees' && core.start, [0.1, 0.2, 0.3].map(Math.fround));
  for (const base of ['[1E-1,2E-1]', '[', '[null]', 'half']) {
    const bad = changed('xgboost-multi', ({ learner_model_param: parameters }) => {
      parameters.base_score = base;
    });
    t.throws(() => fromXGBoost(bad), { code: 'BAD_MODEL', message: /base_score|no JSON/ });
  }
});

test('all that XGBoost has and we have not is named at once', (t) => {
  const file = changed('xgboost-targets', ({ objective, gradient_booster: booster }) => {
    objective.name = 'custom:loss';
    for (const tree of booster.model.trees.slice(0, 2)) {
      (tree.tree_param as Json).size_leaf_vector = '2';
    }
  });
  t.throws(() => fromXGBoost(file), {
    code: 'UNSUPPORTED_OPERATOR',
    message: /objective custom:loss; tree 0 with vectors.*; tree 1 with vectors/,
  });
  const linear = changed('xgboost-binary', ({ gradient_booster: booster }) => {
    booster.name = 'gblinear';
  });
  t.throws(() => fromXGBoost(linear), { code: 'UNSUPPORTED_OPERATOR', message: /gblinear/ });
  const labels = changed('xgboost-targets', ({ objective }) => {
    objective.name = 'binary:logistic';
  });
  t.throws(() => fromXGBoost(labels), { code: 'UNSUPPORTED_OPERATOR', message: /2 labels a row/ });
});

test('trees with cycles, shared nodes, unknown features or outputs are refused with their place', (t) => {
  const edits: readonly ((tree: Json) => void)[] = [
    (tree) => {
      (tree.left_children as number[])[0] = 0;
    },
    (tree) => {
      (tree.right_children as number[])[0] = (tree.left_children as number[])[0]!;
    },
    (tree) => {
      (tree.left_children as number[])[0] = 1e6;
    },
    (tree) => {
      (tree.split_indices as number[])[0] = 5;
    },
    (tree) => {
      (tree.split_conditions as unknown[])[0] = 'x';
    },
    (tree) => {
      (tree.split_indices as number[]).pop();
    },
  ];
  for (const edit of edits) {
    const file = changed('xgboost-binary', ({ gradient_booster: { model } }) => {
      edit(model.trees[1]!);
    });
    t.throws(() => fromXGBoost(file), { code: 'BAD_MODEL', message: /tree(s\[| )1/ });
  }
  const output = changed('xgboost-binary', ({ gradient_booster: { model } }) => {
    model.tree_info[1] = 3;
  });
  t.throws(() => fromXGBoost(output), { code: 'BAD_MODEL', message: /tree 1.*output 3/ });
});

test('a model without trees predicts its base score', (t) => {
  const file = changed('xgboost-regression', ({ gradient_booster: { model } }) => {
    model.trees = [];
    model.tree_info = [];
  });
  const model = fromXGBoost(file);
  const base = Number(
    (file as { learner: Learner }).learner.learner_model_param.base_score as string,
  );
  t.deepEqual(valuesOf(model.evaluate([[1, 2, 3, 4, 5]])), [Math.fround(base)]);
});

test('all that LightGBM has and we have not is named at once', (t) => {
  const text = modelFixture('lightgbm-binary').model as string;
  const linear = text
    .replace('objective=binary sigmoid:1', 'objective=own_loss')
    .replaceAll('is_linear=0', 'is_linear=1');
  t.throws(() => fromLightGBM(linear), {
    code: 'UNSUPPORTED_OPERATOR',
    message: /objective own_loss; linear leaves .*tree 0.*; linear leaves .*tree 1/,
  });
  const broken = text.replace(/leaf_value=\S+ /, 'leaf_value=nan ');
  t.throws(() => fromLightGBM(broken), { code: 'BAD_MODEL', message: /tree 0: leaf_value/ });
});

test('all that CatBoost has and we have not is named at once', (t) => {
  const file = structuredClone(modelFixture('catboost-binary').model) as {
    model_info: { params: { loss_function: Json } };
    oblivious_trees: { splits: Json[] }[];
  };
  file.oblivious_trees[0]!.splits[0]!.split_type = 'OnlineCtr';
  file.oblivious_trees[1]!.splits[0]!.split_type = 'OneHotFeature';
  file.model_info.params.loss_function.type = 'RMSEWithUncertainty';
  t.throws(() => fromCatBoost(file), {
    code: 'UNSUPPORTED_OPERATOR',
    message: /RMSEWithUncertainty; splits of type OnlineCtr.*; splits of type OneHotFeature/,
  });
});

test('symmetric trees stay symmetric: a level has one test', (t) => {
  const model = fromCatBoost(modelFixture('catboost-binary').model) as ImportedClassifier;
  const { core } = model.fitted;
  if (core.kind !== 'trees') return t.fail();
  for (const { feature, threshold, childrenLeft } of core.trees.flat()) {
    const depth = Math.log2((feature.length + 1) / 2);
    t.true(Number.isInteger(depth));
    const levels: Set<string>[] = Array.from({ length: depth }, () => new Set());
    const visit = (node: number, level: number): void => {
      if (feature[node]! < 0) return;
      levels[level]!.add(`${feature[node]} ${threshold[node]}`);
      visit(childrenLeft[node]!, level + 1);
    };
    visit(0, 0);
    t.true(levels.every(({ size }) => size === 1));
  }
});

test('all nodes of ONNX that are not supported are named at once, with their names', (t) => {
  const text = modelFixture('sklearn-pca').model as string;
  // The operators' names have the same length, so that the file stays one.
  const bytes = Buffer.from(text, 'base64').toString('latin1');
  const other = bytes.replaceAll('MatMul', 'MatMux').replaceAll('Scaler', 'Scalex');
  t.throws(() => fromOnnx(Uint8Array.from(Buffer.from(other, 'latin1'))), {
    code: 'UNSUPPORTED_OPERATOR',
    message: /the operator ai\.onnx\.ml\.Scalex.*the operator MatMux/,
  });
  const options = { task: 'classifier' } as const;
  const own = Uint8Array.from(Buffer.from(text, 'base64'));
  t.throws(() => fromOnnx(own, options), { code: 'BAD_OPTION', message: /the graph says it/ });
});

test('categories that a strict encoder does not know are refused with their place', (t) => {
  const fixture = modelFixture('sklearn-one-hot');
  const model = fromOnnx(Uint8Array.from(Buffer.from(fixture.model as string, 'base64')));
  const { fitted } = model;
  const prepare = fitted.prepare.map((step) =>
    step.kind === 'oneHot' ? { ...step, strict: true } : step,
  );
  const strict = (model as ImportedClassifier).constructor as typeof ImportedClassifier;
  const read = strict.fromJSON({ ...model.toJSON(), fitted: { ...fitted, prepare } });
  t.throws(() => read.evaluate(rowsOf(fixture)), { code: 'OUT_OF_RANGE', message: /given 9/ });
});
