//! Exact products in Z/2^64[X] / (X^N + 1) with a binary or a sparse polynomial.

use pulp::Arch;

/// A binary polynomial prepared for products: all-ones or all-zeros words, reversed, so that each coefficient of a
/// product is a sum over two contiguous runs.
pub struct BinaryPolynomial {
    reversed: Vec<u64>,
}

impl Drop for BinaryPolynomial {
    fn drop(&mut self) {
        self.reversed.fill(0);
        std::hint::black_box(&mut self.reversed);
    }
}

impl BinaryPolynomial {
    /// From bits, one word (0 or 1) each.
    pub fn new(bits: &[u64]) -> Self {
        Self { reversed: bits.iter().rev().map(|bit| bit.wrapping_neg()).collect() }
    }

    /// Coefficient `index` of `polynomial * self`: N masked additions.
    pub fn product_coefficient(&self, polynomial: &[u64], index: usize) -> u64 {
        let size = self.reversed.len();
        // sum over i <= index of p[i] s[index - i], minus sum over i > index of p[i] s[N + index - i].
        let (low, high) = polynomial.split_at(index + 1);
        let positive = masked_sum(low, &self.reversed[size - 1 - index..]);
        let negative = masked_sum(high, &self.reversed);
        positive.wrapping_sub(negative)
    }

    /// `output += polynomial * self`: N^2 / 2 additions, on blocks of coefficients that stay in the first cache.
    pub fn add_product(&self, output: &mut [u64], polynomial: &[u64]) {
        let size = self.reversed.len();
        Arch::new().dispatch(|| {
            // -p then p: coefficient j of X^i p is window[N - i + j].
            let mut window: Vec<u64> = polynomial.iter().map(|word| word.wrapping_neg()).collect();
            window.extend_from_slice(polynomial);
            for (block_index, block) in output.chunks_mut(BLOCK).enumerate() {
                let start = block_index * BLOCK;
                for (distance, &mask) in self.reversed.iter().enumerate() {
                    // Reversed index `distance` is bit i = N - 1 - distance, so N - i = distance + 1.
                    if mask != 0 {
                        let source = &window[distance + 1 + start..][..block.len()];
                        for (word, &term) in block.iter_mut().zip(source) {
                            *word = word.wrapping_add(term);
                        }
                    }
                }
            }
            debug_assert_eq!(window.len(), 2 * size);
        });
    }
}

/// Coefficients that are kept in registers or the first cache while the key is walked.
const BLOCK: usize = 64;

fn masked_sum(words: &[u64], masks: &[u64]) -> u64 {
    Arch::new().dispatch(|| {
        let mut sum = 0u64;
        for (&word, &mask) in words.iter().zip(masks) {
            sum = sum.wrapping_add(word & mask);
        }
        sum
    })
}
