/** Programs as text, for people and for tests that compare. */
import type { Instruction, Operand, Program, QuerySection, ReplySection } from './program.ts';

/** One line for each section, instruction, reply and output. Registers print as `glwe3`, `lwe3` and `bit3`. */
export function printProgram(program: Program): string {
  const { glwe, packed, unpacked, lookups, circuit } = program.parameters;
  const clear = new Set(program.inputs.flatMap((input, index) => (input.clear ? [index] : [])));
  const lines = [
    `parameters N=${glwe.polynomialSize}${packed ? `, packed ${JSON.stringify(packed)}` : ''}${
      unpacked ? `, unpacked ${JSON.stringify(unpacked)}` : ''
    }`,
    ...lookups.map((lookup, index) => `lookup class ${index}: ${JSON.stringify(lookup)}`),
    ...(circuit ? [`circuit bootstrap: ${JSON.stringify(circuit)}`] : []),
    `${program.inputs.length} inputs${clearAmong(clear.size)}, ${program.rowsPerQuery} rows a query`,
    ...program.queries.map((section, index) => `query ${index}: ${printQuery(section, clear)}`),
    ...program.instructions.map(printInstruction),
    ...(program.carried ?? []).map(
      ({ source, initial, scaleLog }, index) =>
        `carried ${index}: lwe${source} at 2^${scaleLog}, at first ${initial}`,
    ),
    ...program.replies.map((section, index) => `reply ${index}: ${printReply(section)}`),
    ...program.outputs.map(({ parts, offset }, index) => {
      const terms = parts.map(([part, weight]) => `${weight} * part${part}`);
      return `output ${index} = ${[...terms, offset].join(' + ')}`;
    }),
  ];
  return lines.join('\n');
}

function printQuery(section: QuerySection, clear: ReadonlySet<number>): string {
  const of = (all: readonly { readonly input: number }[]) =>
    clearAmong(all.filter(({ input }) => clear.has(input)).length);
  switch (section.kind) {
    case 'linear': {
      const { slots, rowStride } = section;
      return `${slots.length} linear slots${of(slots)}, row stride ${rowStride}`;
    }
    case 'bits':
      return `${section.bits.length} ${section.encoding} bits${of(section.bits)}`;
    case 'lwe': {
      const { slots, lookup } = section;
      return `${slots.length} slots${of(slots)} under the key of lookup class ${lookup}`;
    }
    default:
      return section satisfies never;
  }
}

/** How many of what was counted are clear, where any are. */
function clearAmong(clear: number): string {
  return clear === 0 ? '' : `, ${clear} of them clear`;
}

function printInstruction(instruction: Instruction): string {
  const plus = (polynomial: number | null) =>
    polynomial === null ? '' : ` + polynomial${polynomial}`;
  switch (instruction.op) {
    case 'linear': {
      const { target, query, weights, polynomial } = instruction;
      return `glwe${target} = linear(query ${query}, ${weights.length} weights)${plus(polynomial)}`;
    }
    case 'cmux': {
      const { target, bit, zero, one } = instruction;
      return `glwe${target} = bit${bit} ? ${printOperand(one)} : ${printOperand(zero)}`;
    }
    case 'combine': {
      const { target, terms, polynomial } = instruction;
      const shown = terms.map(
        ([source, rotation, weight]) => `${weight} * X^${rotation} * glwe${source}`,
      );
      return `glwe${target} = ${shown.join(' + ') || 0}${plus(polynomial)}`;
    }
    case 'extract':
      return `lwe${instruction.target} = glwe${instruction.source}[${instruction.position}]`;
    case 'carried':
      return `lwe${instruction.target} = carried ${instruction.index}`;
    case 'embed':
      return `glwe${instruction.target} = embed(lwe${instruction.source})`;
    case 'sum': {
      const { target, terms, constant, scaleLog } = instruction;
      const shown = terms.map(([source, weight]) => `${weight} * lwe${source}`);
      return `lwe${target} = ${[...shown, `${constant} * 2^${scaleLog}`].join(' + ')}`;
    }
    case 'bootstrap': {
      const items = instruction.items.map(({ input, polynomial, outputs }) => {
        const source = 'lwe' in input ? `lwe${input.lwe}` : `small${input.small}`;
        const targets = outputs.map(([position, target]) => `lwe${target}@${position}`);
        return `${targets.join(', ')} = polynomial${polynomial}[${source}]`;
      });
      return `bootstrap class ${instruction.lookup}: ${items.join('; ')}`;
    }
    case 'circuitBootstrap': {
      const items = instruction.items.map(({ input, bit, output }) => {
        const copy = output === null ? '' : `, lwe${output.target}@2^${output.scaleLog}`;
        return `bit${bit}${copy} = lwe${input}`;
      });
      return `circuit bootstrap: ${items.join('; ')}`;
    }
    default:
      return instruction satisfies never;
  }
}

function printOperand(operand: Operand): string {
  if ('polynomial' in operand) return `polynomial${operand.polynomial}`;
  return operand.rotation === 0
    ? `glwe${operand.glwe}`
    : `X^${operand.rotation} * glwe${operand.glwe}`;
}

function printReply(section: ReplySection): string {
  return section.kind === 'lwe'
    ? `lwe${section.source} at ${section.bits} bits`
    : `glwe${section.source} at ${section.bits} bits, coefficients ${section.positions.join(', ')}`;
}
