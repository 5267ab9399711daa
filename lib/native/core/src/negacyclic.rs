//! Exact products in Z/2^64[X] / (X^N + 1) with a binary polynomial.

use crate::fourier::{Spectrum, transform, zero_spectrum};
use crate::wipe::wipe;
use pulp::Arch;

/// A binary polynomial prepared for products. Wiped when dropped.
pub struct BinaryPolynomial {
    /// All-ones or all-zeros words, reversed: a coefficient of a product is a sum over two contiguous runs.
    reversed: Vec<u64>,
    spectrum: Spectrum,
}

impl Drop for BinaryPolynomial {
    fn drop(&mut self) {
        wipe(&mut self.reversed);
        wipe(&mut self.spectrum);
    }
}

impl BinaryPolynomial {
    /// From bits, one word (0 or 1) each; their number is a power of two from 4 to 16384.
    pub fn new(bits: &[u64]) -> Self {
        let transform = transform(bits.len());
        let (mut spectrum, mut buffer) = (zero_spectrum(bits.len(), 1), transform.buffer());
        transform.forward_integers(&mut spectrum, bits, &mut buffer);
        wipe(&mut buffer);
        Self { reversed: bits.iter().rev().map(|bit| bit.wrapping_neg()).collect(), spectrum }
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

    /// `output += polynomial * self`, all three of N words.
    pub fn add_product(&self, output: &mut [u64], polynomial: &[u64]) {
        let size = self.reversed.len();
        let transform = transform(size);
        let mut buffer = transform.buffer();
        let mut product = zero_spectrum(size, 1);
        // Products of signed halves of words with bits stay far below the mantissa of f64, so that rounding the inverse
        // transform is exact: its error is below 2^-6 for N = 2048, 2^-2 for 16384.
        for shift in [0, 32] {
            if shift == 0 {
                transform.forward_low(&mut product, polynomial, &mut buffer);
            } else {
                transform.forward_high(&mut product, polynomial, &mut buffer);
            }
            for (value, key) in product.iter_mut().zip(self.spectrum.iter()) {
                *value *= key;
            }
            transform.backward_add_integers(output, &mut product, shift, &mut buffer);
        }
        // The mask is public: whoever finds the product finds the key.
        wipe(&mut product);
        wipe(&mut buffer);
    }
}

fn masked_sum(words: &[u64], masks: &[u64]) -> u64 {
    Arch::new().dispatch(|| {
        let mut sum = 0u64;
        for (&word, &mask) in words.iter().zip(masks) {
            sum = sum.wrapping_add(word & mask);
        }
        sum
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn whole_products_equal_coefficients_one_by_one() {
        for size in [256, 2048, 16384] {
            let (mut bits, mut words) = (vec![0; size], vec![0; size]);
            Seed(1).stream().fill_binary(&mut bits);
            Seed(2).stream().fill(&mut words);
            let key = BinaryPolynomial::new(&bits);
            let mut product = vec![5; size];
            key.add_product(&mut product, &words);
            for index in (0..size).step_by(size / 64) {
                assert_eq!(product[index], key.product_coefficient(&words, index).wrapping_add(5));
            }
        }
    }

    #[test]
    fn a_coefficient_is_the_schoolbook_sum() {
        let (mut bits, mut words) = (vec![0; 256], vec![0; 256]);
        Seed(3).stream().fill_binary(&mut bits);
        Seed(4).stream().fill(&mut words);
        let mut product = vec![0u64; 256];
        for (i, word) in words.iter().enumerate() {
            for (j, bit) in bits.iter().enumerate() {
                let term = word.wrapping_mul(*bit);
                let target = &mut product[(i + j) % 256];
                *target = if i + j < 256 { target.wrapping_add(term) } else { target.wrapping_sub(term) };
            }
        }
        let key = BinaryPolynomial::new(&bits);
        for (index, wanted) in product.into_iter().enumerate() {
            assert_eq!(key.product_coefficient(&words, index), wanted);
        }
    }
}
