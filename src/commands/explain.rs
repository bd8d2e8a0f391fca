//! `backendgen explain`: what a code means.

use super::{Failure, Outcome};
use crate::diagnostic::Code;
use crate::exit::Exit;
use crate::finding::FindingCode;
use crate::report::Report;

pub(super) fn run(code: &str) -> Outcome {
    let upper = code.to_ascii_uppercase();
    let explanation = match (FindingCode::parse(&upper), Code::named(&upper)) {
        (Some(code), _) => format!("{}: {}\n", code.as_str(), code.explanation()),
        (None, Some(code)) => format!("{}: {}\n", code.as_str(), code.explanation()),
        (None, None) => {
            return Err(Failure::Invalid(format!("there is no code `{code}`; codes look like E301 or BG201")));
        }
    };
    Ok(Report { data: explanation, ..Report::new("explain", Exit::Ok) })
}
