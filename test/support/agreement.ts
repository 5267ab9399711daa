/** One circuit, four readings: evaluated, interpreted, simulated and encrypted. */
import type { Circuit, Outputs } from '../../lib/index.ts';
import { type ArrayLike, toTensor } from '../../tracer/index.ts';
import { interpret } from './interpret.ts';

/** All elements of all outputs, one after the other. */
export function flat(outputs: Outputs): number[] {
  return (Array.isArray(outputs) ? outputs : [outputs]).flatMap((each) => [...toTensor(each).data]);
}

/** What evaluation, the interpreted program and simulation give for one row of inputs. */
export async function readings(
  circuit: Circuit,
  args: readonly ArrayLike[],
): Promise<{ evaluated: number[]; interpreted: number[]; simulated: number[] }> {
  const inputs = args.flatMap((each) => [...toTensor(each).data]);
  return {
    evaluated: flat(circuit.evaluate(...args)),
    interpreted: interpret(circuit.program, inputs),
    simulated: flat(await circuit.simulate(...args)),
  };
}
