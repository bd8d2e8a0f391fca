//! The stacks that a model can be written for. One so far, so there is no trait.

pub mod fastapi;
