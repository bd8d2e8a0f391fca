//! The tables of login. They are the same in every project but for the id of the user.

use super::derive::plain;
use super::{Column, ColumnType, DeleteRule, ForeignKey, Index, IndexPart, PrimaryKey, Table};
use crate::model::{Auth, Feature, Model};

/// The tables that `auth:` and the features beside it need.
pub(super) fn tables(model: &Model) -> Vec<Table> {
    let Some(auth) = &model.project.auth else { return Vec::new() };
    let mut tables = vec![sessions(model, auth), refresh_tokens()];
    if model.project.features.contains(&Feature::ApiKeys) {
        tables.push(api_keys(model, auth));
    }
    tables
}

fn sessions(model: &Model, auth: &Auth) -> Table {
    Table {
        name: "auth_sessions".to_owned(),
        columns: vec![
            plain("id", ColumnType::Uuid),
            plain("user_id", user_key(model, auth)),
            plain("created_at", ColumnType::Timestamptz),
            plain("last_used_at", ColumnType::Timestamptz),
            plain("ends_at", ColumnType::Timestamptz),
            nullable("revoked_at", ColumnType::Timestamptz),
            nullable("user_agent", ColumnType::Varchar(255)),
            nullable("ip_address", ColumnType::Varchar(45)),
        ],
        primary_key: key("id"),
        foreign_keys: vec![user_reference(model, auth)],
        checks: Vec::new(),
        indexes: vec![index("user_id"), index("ends_at")],
    }
}

fn refresh_tokens() -> Table {
    Table {
        name: "refresh_tokens".to_owned(),
        columns: vec![
            plain("token_hash", ColumnType::Varchar(64)),
            plain("session_id", ColumnType::Uuid),
            plain("created_at", ColumnType::Timestamptz),
            plain("expires_at", ColumnType::Timestamptz),
            nullable("used_at", ColumnType::Timestamptz),
        ],
        primary_key: key("token_hash"),
        foreign_keys: vec![reference("session_id", "auth_sessions", "id")],
        checks: Vec::new(),
        indexes: vec![index("session_id")],
    }
}

fn api_keys(model: &Model, auth: &Auth) -> Table {
    Table {
        name: "api_keys".to_owned(),
        columns: vec![
            plain("id", ColumnType::Varchar(16)),
            plain("user_id", user_key(model, auth)),
            plain("name", ColumnType::Varchar(80)),
            plain("key_hash", ColumnType::Varchar(64)),
            plain("created_at", ColumnType::Timestamptz),
            nullable("expires_at", ColumnType::Timestamptz),
            nullable("last_used_at", ColumnType::Timestamptz),
        ],
        primary_key: key("id"),
        foreign_keys: vec![user_reference(model, auth)],
        checks: Vec::new(),
        indexes: vec![index("user_id")],
    }
}

fn user_key(model: &Model, auth: &Auth) -> ColumnType {
    super::column_type::key_type(model.resource(auth.user).key.ty)
}

fn user_reference(model: &Model, auth: &Auth) -> ForeignKey {
    let user = model.resource(auth.user);
    reference("user_id", &user.names.table, &user.key.column)
}

fn reference(column: &str, table: &str, target: &str) -> ForeignKey {
    ForeignKey {
        name: String::new(),
        column: column.to_owned(),
        table: table.to_owned(),
        target: target.to_owned(),
        on_delete: DeleteRule::Cascade,
    }
}

fn nullable(name: &str, ty: ColumnType) -> Column {
    Column { nullable: true, ..plain(name, ty) }
}

fn key(column: &str) -> PrimaryKey {
    PrimaryKey { name: String::new(), columns: vec![column.to_owned()] }
}

fn index(column: &str) -> Index {
    Index { parts: vec![IndexPart { column: column.to_owned(), ..IndexPart::default() }], ..Index::default() }
}
