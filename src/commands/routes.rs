//! `backendgen routes`: the routes of the API and who may call them.

use std::fmt::Write as _;

use serde_json::json;

use super::{Context, Outcome, project};
use crate::exit::Exit;
use crate::report::{Format, Report};
use crate::stack::fastapi::Route;

const VERB: &str = "routes";

pub(super) fn run(context: &Context) -> Outcome {
    let project = project::open_to_read(context, VERB)?;
    let compiled = project.compile(&project.source, VERB)?;
    let data = match context.printer.format {
        Format::Json => as_json(&compiled.routes),
        Format::Text | Format::Github => as_table(&compiled.routes),
    };
    Ok(Report { data, ..Report::new(VERB, Exit::Ok) })
}

fn as_json(routes: &[Route]) -> String {
    let routes: Vec<_> = routes
        .iter()
        .map(|route| {
            json!({
                "method": route.method, "path": route.path, "permission": route.permission, "function": route.function,
            })
        })
        .collect();
    json!(routes).to_string()
}

fn as_table(routes: &[Route]) -> String {
    let width =
        |column: fn(&Route) -> &str| routes.iter().map(|route| column(route).chars().count()).max().unwrap_or(0);
    let (method, path) = (width(|route| route.method), width(|route| &route.path));
    let mut table = String::new();
    for route in routes {
        writeln!(table, "{:method$}  {:path$}  {}", route.method, route.path, route.permission)
            .expect("writing to a string does not fail");
    }
    table
}
