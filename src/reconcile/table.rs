//! The decision table: what happens to a file, from how its base, the disk and the wanted text compare.

use crate::finding::FindingCode;
use crate::plan::Ownership;

/// What is on disk, compared with what was written and what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// Nothing.
    Absent,
    /// The wanted text.
    Wanted,
    /// The base, and that is not the wanted text: nobody edited it.
    Base,
    /// Anything else.
    Edited,
}

/// What the lock knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Nothing.
    Unknown,
    /// The wanted text: the template did not change.
    Wanted,
    /// An older text: the template changed.
    Older,
    /// The user deleted the file.
    Tombstone,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Who writes the file.
    pub ownership: Ownership,
    /// Whether generated code imports it.
    pub imported: bool,
    /// What is on disk.
    pub disk: Disk,
    /// What the lock knows.
    pub base: Base,
}

/// What happens to a wanted file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is as wanted; the lock says so.
    Record,
    /// It stays as it is; the lock keeps its base.
    Keep,
    /// It stays as it is, and the template moved on.
    KeepBehind,
    /// It stays as it is, and the wanted text becomes its base.
    Adopt,
    /// The wanted text is written.
    Write,
    /// It stays deleted.
    Bury,
    /// Nothing is written before the user decides.
    Refuse(Refusal),
}

/// Why only the user can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A generated file was edited.
    Edited,
    /// The tool did not write what is there.
    InTheWay,
    /// A shared file was edited, and its template changed.
    Conflict,
    /// The user has to resolve conflict markers.
    Markers,
    /// The text of the base is lost.
    LostBase,
}

impl Refusal {
    /// The code of its finding.
    #[must_use]
    pub fn code(self) -> FindingCode {
        match self {
            Self::Edited => FindingCode::BG201,
            Self::InTheWay => FindingCode::BG202,
            Self::Conflict => FindingCode::BG204,
            Self::Markers => FindingCode::BG203,
            Self::LostBase => FindingCode::BG304,
        }
    }
}

/// Decides about a file that the spec wants.
#[must_use]
pub fn decide(facts: Facts) -> Verdict {
    match facts.ownership {
        Ownership::Generated => generated(facts),
        Ownership::Merged => merged(facts),
        Ownership::Yours => yours(facts),
        Ownership::Record => record(facts),
    }
}

fn generated(facts: Facts) -> Verdict {
    match (facts.disk, facts.base) {
        (Disk::Wanted, _) => Verdict::Record,
        (Disk::Absent | Disk::Base, _) => Verdict::Write,
        (Disk::Edited, Base::Wanted | Base::Older) => Verdict::Refuse(Refusal::Edited),
        (Disk::Edited, Base::Unknown | Base::Tombstone) => Verdict::Refuse(Refusal::InTheWay),
    }
}

fn merged(facts: Facts) -> Verdict {
    match (facts.disk, facts.base) {
        (Disk::Wanted, _) => Verdict::Record,
        (Disk::Absent, Base::Unknown) | (Disk::Base, _) => Verdict::Write,
        (Disk::Absent, Base::Wanted | Base::Older | Base::Tombstone) => Verdict::Bury,
        (Disk::Edited, Base::Wanted) => Verdict::Keep,
        (Disk::Edited, Base::Older) => Verdict::Refuse(Refusal::Conflict),
        (Disk::Edited, Base::Unknown | Base::Tombstone) => Verdict::Refuse(Refusal::InTheWay),
    }
}

fn yours(facts: Facts) -> Verdict {
    match (facts.disk, facts.base) {
        (Disk::Wanted, _) => Verdict::Record,
        (Disk::Absent, Base::Unknown) => Verdict::Write,
        (Disk::Absent, _) if facts.imported => Verdict::Write,
        (Disk::Absent, _) => Verdict::Bury,
        (Disk::Base, _) | (Disk::Edited, Base::Older) => Verdict::KeepBehind,
        (Disk::Edited, Base::Wanted) => Verdict::Keep,
        (Disk::Edited, Base::Unknown | Base::Tombstone) => Verdict::Adopt,
    }
}

fn record(facts: Facts) -> Verdict {
    match facts.disk {
        Disk::Absent => Verdict::Write,
        Disk::Wanted => Verdict::Keep,
        Disk::Base | Disk::Edited => Verdict::Refuse(Refusal::InTheWay),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Base::{Older, Tombstone, Unknown};
    use Disk::{Absent, Edited};
    use Ownership::{Generated, Merged, Record as Migration, Yours};
    use Refusal::{Conflict, InTheWay};
    use Verdict::{Adopt, Bury, Keep, KeepBehind, Record, Refuse, Write};

    #[test]
    fn every_row_of_the_table_holds() {
        // ownership, imported, disk, base, verdict
        let table = [
            (Generated, true, Disk::Wanted, Base::Wanted, Record),
            (Generated, true, Disk::Wanted, Older, Record),
            (Generated, true, Disk::Wanted, Unknown, Record),
            (Generated, true, Disk::Base, Older, Write),
            (Generated, true, Edited, Base::Wanted, Refuse(Refusal::Edited)),
            (Generated, true, Edited, Older, Refuse(Refusal::Edited)),
            (Generated, true, Absent, Unknown, Write),
            (Generated, true, Edited, Unknown, Refuse(InTheWay)),
            (Generated, true, Absent, Base::Wanted, Write),
            (Generated, true, Absent, Older, Write),
            (Generated, false, Absent, Tombstone, Write),
            (Yours, true, Disk::Wanted, Base::Wanted, Record),
            (Yours, true, Disk::Wanted, Unknown, Record),
            (Yours, true, Disk::Base, Older, KeepBehind),
            (Yours, true, Edited, Base::Wanted, Keep),
            (Yours, true, Edited, Older, KeepBehind),
            (Yours, false, Absent, Unknown, Write),
            (Yours, true, Edited, Unknown, Adopt),
            (Yours, true, Absent, Base::Wanted, Write),
            (Yours, true, Absent, Older, Write),
            (Yours, true, Absent, Tombstone, Write),
            (Yours, false, Absent, Base::Wanted, Bury),
            (Yours, false, Absent, Tombstone, Bury),
            (Yours, false, Edited, Tombstone, Adopt),
            (Merged, false, Disk::Wanted, Base::Wanted, Record),
            (Merged, false, Disk::Wanted, Older, Record),
            (Merged, false, Disk::Base, Older, Write),
            (Merged, false, Edited, Base::Wanted, Keep),
            (Merged, false, Edited, Older, Refuse(Conflict)),
            (Merged, false, Absent, Unknown, Write),
            (Merged, false, Edited, Unknown, Refuse(InTheWay)),
            (Merged, false, Absent, Base::Wanted, Bury),
            (Merged, false, Absent, Older, Bury),
            (Merged, false, Absent, Tombstone, Bury),
            (Merged, false, Edited, Tombstone, Refuse(InTheWay)),
            (Migration, false, Absent, Unknown, Write),
            (Migration, false, Disk::Wanted, Unknown, Keep),
            (Migration, false, Edited, Unknown, Refuse(InTheWay)),
        ];
        let decided = table.map(|(ownership, imported, disk, base, _)| {
            (ownership, imported, disk, base, decide(Facts { ownership, imported, disk, base }))
        });
        assert_eq!(decided, table);
    }
}
