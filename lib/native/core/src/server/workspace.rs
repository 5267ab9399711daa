//! The buffers of one thread.

/// Buffers that the kernels of one thread share, for polynomials of one size.
pub struct Workspace {
    size: usize,
}

impl Workspace {
    /// Buffers for polynomials of `size` coefficients.
    pub fn new(size: usize) -> Self {
        Self { size }
    }

    /// N, the number of coefficients that the buffers are for.
    pub fn size(&self) -> usize {
        self.size
    }
}
