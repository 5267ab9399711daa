/**
 * The compiled program: plain JSON that the compiler emits and the native runtime validates and runs.
 *
 * All integers are exact doubles (|v| <= 2^53). A value `v` is encoded on the torus as `v * 2^scaleLog mod 2^64`.
 * Registers are written once: `glwe` registers hold one GLWE ciphertext, `lwe` registers one LWE ciphertext under
 * the GLWE key read as an LWE key (dimension k*N), and `bit` registers one GGSW ciphertext of a bit, or a bit of a clear
 * input as it is: those of the query come first, then those that `circuitBootstrap` makes.
 */

/** Decomposition of torus elements: `levelCount` digits of `baseLog` bits, the most significant first. */
export interface Gadget {
  readonly baseLog: number;
  readonly levelCount: number;
}

/** Packed queries: bits travel as coefficients of GLWE ciphertexts and become GGSW on the server. */
export interface PackedParameters {
  /** P = 2^log2Coefficients payload coefficients per GLWE, at multiples of N / P. */
  readonly log2Coefficients: number;
  /** Gadget of the GGSW bits, hence of every CMUX. */
  readonly gadget: Gadget;
  /** Gadget of the automorphism keys that expand a query. */
  readonly automorphism: Gadget;
  /** Gadget of the key that encrypts s^2 and makes the mask rows. */
  readonly square: Gadget;
}

/** One class of table lookups: a small LWE key, a keyswitch into it (u32) and a bootstrap key out of it. */
export interface LookupParameters {
  readonly lweDimension: number;
  readonly keyswitch: Gadget;
  readonly bootstrap: Gadget;
  /** Extended bootstrapping: the test polynomial has 2^log2Extension * N coefficients. 0 is the classic form. */
  readonly log2Extension: number;
}

/** Circuit bootstrapping: computed bits become GGSW ciphertexts. Its automorphism keys go over all log2 N levels. */
export interface CircuitParameters {
  /** Gadget of the GGSW bits that are made. */
  readonly gadget: Gadget;
  /** Gadget of the automorphism keys of the trace. */
  readonly automorphism: Gadget;
  /** Gadget of the key that encrypts s^2 and makes the mask rows. */
  readonly square: Gadget;
  /** The lookup class whose keys rotate; its `log2Extension` does not matter here, polynomials have N coefficients. */
  readonly lookup: number;
}

/** Everything that keys depend on. Noise is never given: each side derives it from the dimensions. */
export interface Parameters {
  readonly glwe: { readonly dimension: number; readonly polynomialSize: number };
  readonly packed: PackedParameters | null;
  /** Gadget of GGSW bits that the client encrypts directly. */
  readonly unpacked: Gadget | null;
  readonly lookups: readonly LookupParameters[];
  readonly circuit: CircuitParameters | null;
}

/** Range of one input scalar; a value outside it is refused at encryption. */
export interface InputRange {
  readonly min: number;
  readonly max: number;
  /**
   * A clear input is not encrypted: the query says its value of each row, and the server fills what the query sections
   * say of it. Its slots and bits are ciphertexts without mask and noise.
   */
  readonly clear?: true;
}

/** One input as a torus element `(value + offset) * 2^scaleLog`. */
export interface Slot {
  readonly input: number;
  readonly offset: number;
  readonly scaleLog: number;
}

/** What the client sends. All inputs of one kind share a section. A section without an encrypted input does not travel. */
export type QuerySection =
  /**
   * Seeded GLWE bodies: slot s of row r is coefficient `s.position + r * rowStride`, for `program.rowsPerQuery` rows.
   * Only these body coefficients travel, so a product may read no others; where `whole` is true all N travel, and
   * those that no slot names encrypt 0. All slots name encrypted inputs, or all name clear ones: coefficients that no
   * slot names then are 0.
   */
  | {
      readonly kind: 'linear';
      readonly rowStride: number;
      readonly whole?: boolean;
      readonly slots: readonly (Slot & { readonly position: number })[];
    }
  /**
   * Bit registers 0, 1, ... in this order: bit `bit` (0 = least significant) of `value - inputs[input].min`. Those of
   * encrypted inputs travel:
   * packed: GGSW level j (1 = most significant) of encrypted bit i is payload coefficient i * levelCount + j - 1;
   * payload coefficient c sits in GLWE floor(c / P) at coefficient (c mod P) * N / P.
   * unpacked: one seeded GGSW a bit.
   * A bit of a clear input is known when the program runs: a CMUX by it is a choice without noise.
   */
  | {
      readonly kind: 'bits';
      readonly encoding: 'packed' | 'unpacked';
      readonly bits: readonly { readonly input: number; readonly bit: number }[];
    }
  /**
   * Seeded LWE list under the small key of lookup class `lookup`: first-layer lookups without a keyswitch. The slots of
   * encrypted inputs travel.
   */
  | { readonly kind: 'lwe'; readonly lookup: number; readonly slots: readonly Slot[] };

/**
 * A clear polynomial: `value * 2^scaleLog` on `count` coefficients from `start`, runs `[start, count, value]`
 * sorted and disjoint; other coefficients are 0. Size N, or 2^log2Extension * N for a test polynomial.
 */
export interface Polynomial {
  readonly scaleLog: number;
  readonly runs: readonly (readonly [start: number, count: number, value: number])[];
}

/** A branch of a CMUX: a clear polynomial, or X^rotation (0 <= rotation < 2N, negacyclic) times a GLWE register. */
export type Operand =
  | { readonly polynomial: number }
  | { readonly glwe: number; readonly rotation: number };

export type Instruction =
  /** glwe[target] = query[query](X) * sum weight X^position + polynomial. `query` is a linear section. */
  | {
      readonly op: 'linear';
      readonly query: number;
      readonly weights: readonly (readonly [position: number, weight: number])[];
      readonly polynomial: number | null;
      readonly target: number;
    }
  /** glwe[target] = bit ? one : zero (external product, or a choice by a clear bit). Both branches may be clear. */
  | {
      readonly op: 'cmux';
      readonly bit: number;
      readonly zero: Operand;
      readonly one: Operand;
      readonly target: number;
    }
  /** glwe[target] = sum coefficient * X^rotation * glwe[source] + polynomial. */
  | {
      readonly op: 'combine';
      readonly terms: readonly (readonly [source: number, rotation: number, coefficient: number])[];
      readonly polynomial: number | null;
      readonly target: number;
    }
  /** lwe[target] = coefficient `position` of glwe[source]. */
  | {
      readonly op: 'extract';
      readonly source: number;
      readonly position: number;
      readonly target: number;
    }
  /**
   * glwe[target] has the phase of lwe[source] as its constant coefficient, and any others: the inverse of `extract` at
   * position 0. What is computed from it keeps a meaning at that coefficient alone, so nothing may rotate it.
   */
  | { readonly op: 'embed'; readonly source: number; readonly target: number }
  /** lwe[target] = value `index` of `program.carried`, as the run before left it, or as it is at first. */
  | { readonly op: 'carried'; readonly index: number; readonly target: number }
  /** lwe[target] = sum coefficient * lwe[source] + constant * 2^scaleLog. */
  | {
      readonly op: 'sum';
      readonly terms: readonly (readonly [source: number, coefficient: number])[];
      readonly constant: number;
      readonly scaleLog: number;
      readonly target: number;
    }
  /**
   * A layer of independent table lookups of one class. Each item keyswitches its input (`lwe` register, or
   * slot `small` of the class's `lwe` query section, already under the small key), rotates `polynomial` by
   * the phase (modulus 2N' with N' = 2^log2Extension * N: the result's coefficient j is the polynomial's
   * coefficient j + phase, negacyclic), and extracts the coefficients `outputs` = [position, target lwe].
   */
  | {
      readonly op: 'bootstrap';
      readonly lookup: number;
      readonly items: readonly {
        readonly input: { readonly lwe: number } | { readonly small: number };
        readonly polynomial: number;
        readonly outputs: readonly (readonly [position: number, target: number])[];
      }[];
    }
  /**
   * A layer of independent circuit bootstraps. The phase of each `input` is b * 2^63, b in {0, 1}, with noise below 2^62:
   * there is no padding bit. bit[bit] = b as a GGSW ciphertext under `parameters.circuit.gadget`, and where `output` is not
   * null lwe[output.target] = b * 2^output.scaleLog, 1 <= scaleLog <= 63, with the noise of a rotation.
   *
   * One rotation makes all levels of the gadget and the output: the modulus switch is to multiples of 2^v,
   * v = ceil(log2(levelCount + 1)), modulo 2N.
   */
  | {
      readonly op: 'circuitBootstrap';
      readonly items: readonly {
        readonly input: number;
        readonly bit: number;
        readonly output: { readonly target: number; readonly scaleLog: number } | null;
      }[];
    };

/** What the server returns; `parts` of outputs are numbered through all sections in order. */
export type ReplySection =
  /** Mask and the named body coefficients of a GLWE, each switched to modulus 2^bits. Row r: position + r * rowStride. */
  | {
      readonly kind: 'glwe';
      readonly source: number;
      readonly bits: number;
      readonly rowStride: number;
      readonly positions: readonly number[];
    }
  /** One LWE ciphertext, switched to modulus 2^bits. */
  | { readonly kind: 'lwe'; readonly source: number; readonly bits: number };

/** How a decrypted part becomes an integer: u = round(phase / 2^scaleLog) mod 2^(64 - scaleLog) must be <= max - min; value = u + min. */
export interface Part {
  readonly scaleLog: number;
  readonly min: number;
  readonly max: number;
}

/** An output scalar: sum weight * value(part) + offset. */
export interface Output {
  readonly parts: readonly (readonly [part: number, weight: number])[];
  readonly offset: number;
}

/**
 * A value that a run hands to the next one as an LWE ciphertext: `lwe[source]`, at scale `scaleLog`. At the first run it is
 * `initial`, without mask and noise.
 */
export interface Carried {
  readonly source: number;
  readonly initial: number;
  readonly scaleLog: number;
}

export interface Program {
  readonly format: 1;
  readonly parameters: Parameters;
  readonly inputs: readonly InputRange[];
  /** Rows that one query ciphertext holds: more than 1 only when every query section is linear and every reply a glwe. */
  readonly rowsPerQuery: number;
  readonly queries: readonly QuerySection[];
  readonly polynomials: readonly Polynomial[];
  readonly instructions: readonly Instruction[];
  readonly replies: readonly ReplySection[];
  /** Absent where there are none; else there is one row a query. */
  readonly carried?: readonly Carried[];
  readonly parts: readonly Part[];
  readonly outputs: readonly Output[];
}
