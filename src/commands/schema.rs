//! `backendgen schema`: the JSON Schema of the spec, for editors.

use super::{Failure, Outcome};
use crate::cli::SchemaOf;

pub(super) fn run(of: SchemaOf) -> Outcome {
    let _ = of;
    Err(Failure::Invalid("`schema` is not supported yet".to_owned()))
}
