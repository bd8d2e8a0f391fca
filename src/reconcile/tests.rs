use super::*;
use crate::lock;
use crate::tree::File;

const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A project in memory: what the spec wants, and what is on disk.
#[derive(Clone, Default)]
struct Project {
    tree: Tree,
    disk: BTreeMap<Utf8PathBuf, (Vec<u8>, bool)>,
    obstacles: BTreeSet<Utf8PathBuf>,
}

impl Project {
    fn wants(mut self, path: &str, ownership: Ownership, text: &str) -> Self {
        let owner = if path.contains("order") { Owner::Resource("orders".to_owned()) } else { Owner::Project };
        let (bytes, mode) = (text.as_bytes().to_vec(), Mode::Regular);
        self.tree.insert(path.into(), File { bytes, ownership, owner, mode, imported: true });
        self
    }

    /// The usual project: one file of each class, written.
    fn written() -> Self {
        Self::default()
            .wants("app/core/x.py", Ownership::Generated, "x = 1\n")
            .wants("app/models/order.py", Ownership::Generated, "order = 1\n")
            .wants("app/services/order_service.py", Ownership::Yours, "class Service: ...\n")
            .wants("README.md", Ownership::Merged, "# Shop\n\nText.\n")
            .generated()
    }

    fn on_disk(mut self, path: &str, text: &str) -> Self {
        self.disk.insert(path.into(), (text.as_bytes().to_vec(), false));
        self
    }

    fn without(mut self, path: &str) -> Self {
        self.disk.remove(Utf8Path::new(path));
        self
    }

    fn unwanted(mut self, path: &str) -> Self {
        self.tree.remove(Utf8Path::new(path));
        self
    }

    fn text(&self, path: &str) -> &str {
        self.disk
            .get(Utf8Path::new(path))
            .map_or("", |(bytes, _)| std::str::from_utf8(bytes).expect("tests write text"))
    }

    fn owners(&self) -> Vec<OwnerRecord> {
        let owners: BTreeSet<_> = self.tree.values().map(|file| file.owner.clone()).chain([Owner::Project]).collect();
        let record = |owner| OwnerRecord {
            owner,
            spec_digest: HASH.to_owned(),
            template_digest: HASH.to_owned(),
            names: vec![("class".to_owned(), "Order".to_owned())],
        };
        owners.into_iter().map(record).collect()
    }

    fn locks(&self) -> Locks {
        let locks = self.disk.iter().filter_map(|(path, (bytes, _))| {
            let owner = path.strip_prefix(".backendgen/lock").ok()?.file_name().and_then(lock::owner_of)?;
            let parsed = lock::parse(&owner, bytes).expect("the version is known");
            Some((owner, StoredLock { bytes: bytes.clone(), parsed }))
        });
        locks.collect()
    }

    fn snapshot(&self) -> Snapshot {
        let base =
            |path: &Utf8PathBuf| path.starts_with(".backendgen/base").then(|| Digest::parse(path.file_name()?))?;
        let find = |path: Utf8PathBuf| {
            let found = match self.disk.get(&path) {
                _ if self.obstacles.contains(&path) => Found::Obstacle("a symbolic link"),
                Some((bytes, executable)) => Found::File { bytes: bytes.clone(), executable: *executable },
                None => Found::Absent,
            };
            (path, found)
        };
        let copies = self.disk.iter().filter_map(|(path, (bytes, _))| Some((base(path)?, bytes.clone())));
        Snapshot {
            files: paths(&self.tree, &self.locks()).into_iter().map(find).collect(),
            bases: copies.filter(|(digest, bytes)| Digest::of(bytes) == *digest).collect(),
            stored_bases: self.disk.keys().filter_map(base).collect(),
            modules: self.disk.keys().filter(|path| path.extension() == Some("py")).cloned().collect(),
            has_attributes: self.disk.contains_key(Utf8Path::new(ATTRIBUTES_PATH)),
            ignores_modes: false,
        }
    }

    fn decide(&self, choices: &Choices) -> Changes {
        let owners = self.owners();
        reconcile(Wanted { tree: &self.tree, owners: &owners }, &self.locks(), &self.snapshot(), choices)
    }

    fn changes(&self) -> Changes {
        self.decide(&Choices::default())
    }

    /// Carries out what was decided, unless something was refused.
    fn apply(mut self, changes: &Changes) -> Self {
        let changes: Vec<_> = changes.in_order().filter(|_| changes.refusals.is_empty()).collect();
        for change in changes {
            match &change.after {
                Some(bytes) => self.disk.insert(change.path.clone(), (bytes.clone(), change.mode == Mode::Executable)),
                None => self.disk.remove(&change.path),
            };
        }
        self
    }

    fn generated(self) -> Self {
        let changes = self.changes();
        self.apply(&changes)
    }

    fn resolved(self, path: &str, choice: Choice) -> Self {
        let changes = self.decide(&Choices { by_path: [(path.into(), choice)].into(), only_these: true });
        assert_eq!(changes.refusals, []);
        self.apply(&changes)
    }

    fn edit_lock(mut self, path: &str, edit: impl Fn(&str) -> String) -> Self {
        let text = edit(self.text(path));
        self.disk.insert(path.into(), (text.into_bytes(), false));
        self
    }
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn a_second_run_changes_nothing() {
    let changes = Project::written().changes();
    assert_eq!(changes, Changes::default());
}

#[test]
fn a_blank_in_a_generated_file_stops_everything() {
    let project = Project::written().on_disk("app/models/order.py", "order = 1 \n").wants(
        "app/core/x.py",
        Ownership::Generated,
        "x = 2\n",
    );
    let changes = project.changes();
    assert_eq!(codes(&changes.refusals), ["BG201"]);
    assert_eq!(project.clone().apply(&changes).text("app/core/x.py"), "x = 1\n");
}

#[test]
fn a_finding_names_the_line_and_the_command() {
    let changes = Project::written().on_disk("app/models/order.py", "order = 2\n").changes();
    let finding = &changes.refusals[0];
    assert_eq!(finding.line, Some(1));
    assert_eq!(finding.resource.as_deref(), Some("orders"));
    assert_eq!(finding.fix.as_deref(), Some("backendgen resolve app/models/order.py --generated"));
    assert!(finding.diff.as_ref().is_some_and(|diff| diff.contains("-order = 2\n+order = 1\n")));
}

#[test]
fn a_hand_edit_can_be_given_up() {
    let project = Project::written().on_disk("app/models/order.py", "order = 2\n");
    let changes = project
        .decide(&Choices { by_path: [("app/models/order.py".into(), Choice::Generated)].into(), only_these: true });
    assert!(changes.files[0].replaces_edit);
    assert_eq!(project.apply(&changes).changes(), Changes::default());
}

#[test]
fn an_edited_merged_file_waits_for_a_decision_when_its_template_changes() {
    let edited = Project::written().on_disk("README.md", "# My shop\n");
    assert_eq!(edited.changes(), Changes::default());
    let project = edited.wants("README.md", Ownership::Merged, "# Shop 2\n");
    assert_eq!(codes(&project.changes().refusals), ["BG204"]);
    let mine = project.clone().resolved("README.md", Choice::Mine);
    assert_eq!(mine.text("README.md"), "# My shop\n");
    assert_eq!(mine.changes(), Changes::default());
    let generated = project.resolved("README.md", Choice::Generated);
    assert_eq!(generated.text("README.md"), "# Shop 2\n");
    assert_eq!(generated.changes(), Changes::default());
}

#[test]
fn files_of_the_user_are_written_once() {
    let project = Project::written().on_disk("app/services/order_service.py", "mine\n").wants(
        "app/services/order_service.py",
        Ownership::Yours,
        "new stub\n",
    );
    let changes = project.changes();
    assert_eq!(codes(&changes.notes), ["BG205"]);
    assert!(changes.is_empty());
}

#[test]
fn what_the_user_deletes_comes_back_only_if_it_is_imported() {
    let project = Project::written().without("app/services/order_service.py").without("README.md").generated();
    assert_eq!(project.text("app/services/order_service.py"), "class Service: ...\n");
    assert_eq!(project.text("README.md"), "");
    assert!(project.text(".backendgen/lock/_project.lock").contains("\nt m README.md\n"));
    assert_eq!(project.changes(), Changes::default());
}

#[test]
fn a_file_that_is_in_the_way_is_recorded_if_it_is_the_same() {
    let project = Project::default().on_disk("app/x.py", "x\n").wants("app/x.py", Ownership::Generated, "x\n");
    assert_eq!(codes(&project.changes().refusals), [""; 0]);
    let project = project.on_disk("app/x.py", "other\n");
    assert_eq!(codes(&project.changes().refusals), ["BG202"]);
}

#[test]
fn files_that_are_no_longer_wanted_go_unless_they_were_edited() {
    let project = Project::written()
        .on_disk("app/services/order_service.py", "mine\n")
        .unwanted("app/models/order.py")
        .unwanted("app/services/order_service.py");
    let changes = project.changes();
    assert_eq!(codes(&changes.pending), ["BG104"]);
    assert_eq!(codes(&changes.notes), ["BG105"]);
    let project = project.apply(&changes);
    assert_eq!(project.text("app/models/order.py"), "");
    assert_eq!(project.text("app/services/order_service.py"), "mine\n");
    assert_eq!(codes(&project.changes().notes), ["BG105"]);
    assert!(project.changes().is_empty());
    let project = project.without("app/services/order_service.py").generated();
    assert_eq!(project.text(".backendgen/lock/orders.lock"), "");
}

#[test]
fn links_are_never_followed() {
    let mut project = Project::written();
    project.obstacles.insert("app/models/order.py".into());
    assert_eq!(codes(&project.changes().refusals), ["BG501"]);
    let project = project.unwanted("app/models/order.py");
    assert_eq!(codes(&project.changes().refusals), ["BG501"]);
}

#[test]
fn a_lock_cannot_name_a_file_outside() {
    let project = Project::written()
        .edit_lock(".backendgen/lock/orders.lock", |text| text.replace("app/models/order.py", "../../etc/passwd"));
    let changes = project.changes();
    assert!(codes(&changes.refusals).contains(&"BG502"));
    assert!(!paths(&project.tree, &project.locks()).iter().any(|path| path.as_str().contains("etc")));
}

#[test]
fn lost_locks_are_written_again() {
    let mut project = Project::written();
    project.disk.retain(|path, _| !path.starts_with(".backendgen/lock"));
    assert_eq!(codes(&project.changes().pending), ["BG303", "BG303"]);
    assert_eq!(project.generated().changes(), Changes::default());
}

#[test]
fn a_conflict_in_a_lock_heals() {
    let whole = Project::written();
    let project = whole.clone().edit_lock(".backendgen/lock/orders.lock", |text| {
        let line = text.lines().find(|line| line.ends_with("order.py")).expect("the model is listed");
        let other = line.replacen(&line[15..20], "00000", 1);
        text.replace(line, &format!("<<<<<<< HEAD\n{line}\n=======\n{other}\n>>>>>>> theirs"))
    });
    let project = project.on_disk("app/models/order.py", "merged by git\n");
    let changes = project.changes();
    assert_eq!(codes(&changes.pending), ["BG305", "BG101"].into_iter().rev().collect::<Vec<_>>());
    assert!(changes.files[0].replaces_edit);
    assert_eq!(project.apply(&changes).disk, whole.disk);
}

#[test]
fn conflict_markers_are_the_users_in_files_of_the_user_only() {
    let markers = "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n";
    let generated = Project::written().on_disk("app/models/order.py", markers).generated();
    assert_eq!(generated.text("app/models/order.py"), "order = 1\n");
    let yours = Project::written().on_disk("app/services/order_service.py", markers);
    assert_eq!(codes(&yours.changes().refusals), ["BG203"]);
}

#[test]
fn a_damaged_line_counts_as_absent() {
    let project = Project::written().edit_lock(".backendgen/lock/orders.lock", |text| text.replace("f g 644", "f g 6"));
    assert_eq!(codes(&project.changes().pending), ["BG301"]);
    let project = project.generated();
    assert_eq!(project.changes(), Changes::default());
}

#[test]
fn a_lost_base_is_found_again_or_decided_about() {
    let is_base = |path: &Utf8PathBuf| path.starts_with(".backendgen/base");
    let mut project = Project::written().on_disk("README.md", "# My shop\n");
    project.disk.retain(|path, _| !is_base(path));
    let healed = project.clone().generated();
    assert_eq!(healed.changes(), Changes::default());
    assert_eq!(healed.disk.keys().filter(|path| is_base(path)).count(), 2);
    let behind = project.wants("README.md", Ownership::Merged, "# Shop 2\n");
    assert_eq!(codes(&behind.changes().refusals), ["BG304"]);
    assert_eq!(behind.resolved("README.md", Choice::Mine).changes().refusals, []);
}

#[test]
fn unused_base_copies_go() {
    let project = Project::written().wants("README.md", Ownership::Merged, "# Shop 2\n").generated();
    let bases = project.disk.keys().filter(|path| path.starts_with(".backendgen/base"));
    assert_eq!(bases.count(), 2);
}

#[test]
fn windows_line_ends_are_no_edit_and_are_kept() {
    let project = Project::written().on_disk("README.md", "# Shop\r\n\r\nText.\r\n");
    let changes = project.changes();
    assert!(changes.is_empty());
    assert_eq!(codes(&changes.notes), ["BG106"]);
    let project = project.wants("README.md", Ownership::Merged, "# Shop\n\nMore.\n").generated();
    assert_eq!(project.text("README.md"), "# Shop\r\n\r\nMore.\r\n");
}

#[test]
fn executable_bits_are_restored_where_they_mean_something() {
    let mut project = Project::written();
    project.disk.insert("app/core/x.py".into(), (b"x = 1\n".to_vec(), true));
    let changes = project.changes();
    assert_eq!(codes(&changes.pending), ["BG103"]);
    assert_eq!(changes.files[0].action, Action::Mode);
    let owners = project.owners();
    let wanted = Wanted { tree: &project.tree, owners: &owners };
    let snapshot = Snapshot { ignores_modes: true, ..project.snapshot() };
    assert!(reconcile(wanted, &project.locks(), &snapshot, &Choices::default()).is_empty());
}

#[test]
fn a_module_among_generated_ones_is_noticed() {
    let project = Project::written().on_disk("app/models/stray.py", "");
    assert_eq!(codes(&project.changes().notes), ["BG302"]);
    let project = Project::written().on_disk("app/services/helper.py", "");
    assert_eq!(project.changes().notes, []);
}

#[test]
fn another_minor_version_writes_nothing() {
    let lock = ".backendgen/lock/_project.lock";
    let pinned = |version: &str| {
        let line = format!("generator {version}");
        Project::written().edit_lock(lock, |text| text.replace(&format!("generator {VERSION}"), &line)).changes()
    };
    assert_eq!(codes(&pinned("0.99.0").refusals), ["BG602"]);
    assert_eq!(pinned("0.1.99").refusals, []);
    assert!(pinned("0.1.99").is_empty());
}

#[test]
fn other_templates_are_named() {
    let other = HASH.replace("e3b0", "0000");
    let project = Project::written().edit_lock(".backendgen/lock/orders.lock", |text| {
        text.replace(&format!("tpl sha256:{HASH}"), &format!("tpl sha256:{other}"))
    });
    assert_eq!(codes(&project.changes().pending), ["BG601"]);
}

#[test]
fn a_new_resource_changes_no_other_lock() {
    let project = Project::default().wants("app/core/x.py", Ownership::Generated, "x\n").generated();
    let changes = project.clone().wants("app/models/order.py", Ownership::Generated, "order\n").changes();
    let paths: Vec<_> = changes.in_order().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["app/models/order.py", ".backendgen/lock/orders.lock"]);
}

#[test]
fn a_generated_file_can_become_the_users() {
    let project = Project::written().on_disk("app/models/order.py", "mine\n").wants(
        "app/models/order.py",
        Ownership::Yours,
        "order = 2\n",
    );
    let changes = project.changes();
    assert_eq!(changes.refusals, []);
    let project = project.apply(&changes);
    assert_eq!(project.text("app/models/order.py"), "mine\n");
    assert!(project.changes().is_empty());
}

#[test]
fn an_accepted_migration_is_never_touched() {
    let path = "migrations/versions/1_initial.py";
    let project = Project::written().wants(path, Ownership::Record, "rev\n").generated();
    assert_eq!(project.text(path), "rev\n");
    assert!(!project.text(".backendgen/lock/_project.lock").contains("migrations"));
    assert_eq!(project.unwanted(path).changes(), Changes::default());
}

#[test]
fn outputs_that_differ_in_case_only_are_refused() {
    let project = Project::default().wants("app/a.py", Ownership::Generated, "1\n").wants(
        "app/A.py",
        Ownership::Generated,
        "2\n",
    );
    assert_eq!(codes(&project.changes().refusals), ["BG503"]);
}
