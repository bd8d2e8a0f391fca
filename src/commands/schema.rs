//! `backendgen schema`: the JSON Schema of the spec, for editors.

use crate::cli::SchemaOf;
use crate::exit::Exit;
use crate::report::Report;
use crate::spec::editor;

pub(super) fn run(of: SchemaOf) -> Report {
    let data = match of {
        SchemaOf::Project => editor::project_schema(),
        SchemaOf::Resource => editor::resource_schema(),
    };
    Report { data, ..Report::new("schema", Exit::Ok) }
}
