/**
 * What a network becomes: the cheaper of the two ways in which there is one.
 */
import type { IntegerModel } from '../model.ts';
import type { Network } from './network.ts';
import { networkModel } from './program.ts';
import { windowsModel } from './windows/model.ts';

/** Models by their network, which never changes: each prediction asks for one, and tables take time to make. */
const known = new WeakMap<Network, IntegerModel>();

/**
 * A network in the four steps of every model: a sum of tables of the inputs where all hidden values read few of them, which
 * takes a CMUX for each bit and little more; else sums of integers and a lookup for each hidden value, some 400 CMUX.
 *
 * @throws NOT_QUANTIZED and others, as `networkModel`
 */
export function cheapestModel(network: Network): IntegerModel {
  let model = known.get(network);
  if (model === undefined) {
    model = windowsModel(network) ?? networkModel(network);
    known.set(network, model);
  }
  return model;
}
