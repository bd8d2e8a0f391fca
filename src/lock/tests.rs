use super::*;

const ORDERS: &str = "\
#backendgen-lock 1 - machine-written. Conflict here? Resolve the YAML spec, then run: backendgen generate
owner orders
spec sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
tpl sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
n class Order
n singular order
f g 644 sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 - app/models/my order.py
f y 755 sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 \
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 app/services/order_service.py
t y app/services/extra.py
";

fn orders() -> Owner {
    Owner::Resource("orders".to_owned())
}

fn read(text: &str) -> Parsed {
    parse(&orders(), text.as_bytes()).expect("the version is known")
}

#[test]
fn a_lock_is_written_as_it_was_read() {
    let parsed = read(ORDERS);
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.lock.render(), ORDERS);
}

#[test]
fn carriage_returns_and_a_byte_order_mark_are_accepted() {
    let windows = format!("\u{feff}{}", ORDERS.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(ORDERS));
}

#[test]
fn unknown_letters_are_written_back() {
    let text = format!("{ORDERS}z something new\n");
    assert_eq!(read(&text).lock.render(), text);
}

#[test]
fn a_newer_format_is_refused() {
    let text = ORDERS.replace("lock 1", "lock 99");
    assert_eq!(parse(&orders(), text.as_bytes()), Err(UnsupportedVersion(99)));
}

#[test]
fn an_empty_lock_is_damaged() {
    assert_eq!(read("").problems.len(), 1);
}

#[test]
fn a_line_that_is_cut_counts_as_absent() {
    let parsed = read(&ORDERS[..ORDERS.len() - 80]);
    assert_eq!(parsed.problems.len(), 1);
    assert_eq!(parsed.lock.files.len(), 1);
}

#[test]
fn a_path_that_is_listed_twice_counts_as_absent() {
    let line = ORDERS.lines().nth(6).expect("the line of the model");
    let parsed = read(&format!("{ORDERS}{line}\n"));
    assert_eq!(parsed.problems.len(), 1);
    assert!(!parsed.lock.files.contains_key(Utf8Path::new("app/models/my order.py")));
}

#[test]
fn the_lock_of_another_resource_is_noticed() {
    let parsed = parse(&Owner::Resource("payments".to_owned()), ORDERS.as_bytes()).expect("the version is known");
    assert_eq!(parsed.problems.len(), 1);
}

#[test]
fn paths_outside_of_the_project_are_never_entries() {
    let parsed = read(&ORDERS.replace("app/models/my order.py", "../../etc/passwd"));
    assert!(matches!(&parsed.problems[..], [Problem::Path { line: 7, reason: "leaves the project", .. }]));
    assert_eq!(parsed.lock.files.len(), 1);
}

#[test]
fn both_sides_of_a_conflict_are_united() {
    let conflicted = ORDERS.replace(
        "n class Order\n",
        "<<<<<<< HEAD\nn class Order\n||||||| base\nn class Old\n=======\nn class Order\nn table orders\n>>>>>>> other\n",
    );
    let parsed = read(&conflicted);
    assert!(parsed.is_conflicted);
    assert_eq!(parsed.lock.names["table"], "orders");
    assert_eq!(parsed.lock.names["class"], "Order");
}

#[test]
fn files_of_which_both_sides_say_different_things_are_disputed() {
    let line = ORDERS.lines().nth(6).expect("the line of the model");
    let other = line.replace("e3b0", "0000");
    let conflicted = ORDERS.replace(line, &format!("<<<<<<< HEAD\n{line}\n=======\n{other}\n>>>>>>> other"));
    let parsed = read(&conflicted);
    assert_eq!(parsed.disputed.len(), 1);
    assert_eq!(parsed.lock.files.len(), 1);
}

#[test]
fn the_higher_version_of_the_generator_wins() {
    let text = format!("{ORDERS}<<<<<<< a\ngenerator 0.9.1\n=======\ngenerator 0.10.0\n>>>>>>> b\n");
    assert_eq!(read(&text).lock.generator.as_deref(), Some("0.10.0"));
}

#[test]
fn locks_are_named_after_their_owner() {
    assert_eq!(owner_of("orders.lock"), Some(orders()));
    assert_eq!(owner_of("_project.lock"), Some(Owner::Project));
    assert_eq!(owner_of("../x.lock"), None);
    assert_eq!(path(&orders()), ".backendgen/lock/orders.lock");
}
