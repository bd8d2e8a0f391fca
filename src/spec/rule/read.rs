//! Reads rules: the tokens to a tree, and the mapping around them.

use super::token::{Token, TokenKind, tokens};
use super::{Arithmetic, Comparison, Expression, Node, RuleFunction, RuleMoment, RuleSpec};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::spec::document::{self, NodeKind};
use crate::spec::field::check_pattern;
use crate::spec::literal::duration;
use crate::spec::reader::{Allowed, Reader, Words, later, noun, with_help};
use crate::spec::suggest;

/// The deepest nesting of brackets and signs.
const MAX_DEPTH: usize = 32;

const RULE: Allowed = Allowed {
    place: "a rule",
    now: &["rule", "message", "name", "on", "check"],
    later: &[],
    foreign: &[("when", "on")],
};

const MOMENTS: Words<RuleMoment> = Words {
    code: Code::E016,
    noun: "on",
    now: &[("create", RuleMoment::Create), ("update", RuleMoment::Update)],
    later: &[],
    foreign: &[],
};

/// The functions with the fewest and most arguments they take.
const FUNCTIONS: &[(&str, RuleFunction, usize, usize)] = &[
    ("length", RuleFunction::Length, 1, 1),
    ("lower", RuleFunction::Lower, 1, 1),
    ("upper", RuleFunction::Upper, 1, 1),
    ("abs", RuleFunction::Abs, 1, 1),
    ("coalesce", RuleFunction::Coalesce, 2, usize::MAX),
    ("present", RuleFunction::Present, 1, usize::MAX),
    ("now", RuleFunction::Now, 0, 0),
    ("today", RuleFunction::Today, 0, 0),
];

const KEYWORDS: &[&str] = &["or", "and", "not", "in", "is", "null", "matches", "true", "false"];

/// Reads `rules:`.
pub(in crate::spec) fn rules(reader: &mut Reader, node: &document::Node, name: &str) -> Option<Vec<RuleSpec>> {
    let items = reader.list(node, name)?;
    Some(items.iter().filter_map(|item| rule(reader, item)).collect())
}

fn rule(reader: &mut Reader, node: &document::Node) -> Option<RuleSpec> {
    match &node.kind {
        NodeKind::Scalar(_) => {
            let (text, expression) = condition(reader, node, "rules")?;
            Some(RuleSpec { text, expression, message: None, name: None, on: None, check: None })
        }
        NodeKind::Mapping(_) => rule_mapping(reader, node),
        NodeKind::Broken => None,
        NodeKind::List(_) => {
            let message = format!("an entry of `rules` is a rule or a mapping, not {}", noun(node));
            reader.refuse(Diagnostic::new(Code::E009, &node.span, message).help("write `- ends_at > starts_at`"))
        }
    }
}

fn rule_mapping(reader: &mut Reader, node: &document::Node) -> Option<RuleSpec> {
    let keys = reader.keys(node, "rules", &RULE)?;
    let message = keys.read(reader, "message", Reader::text);
    let name = keys.read(reader, "name", |reader, node, key| reader.name(node, key, "name of a rule"));
    let on = keys.read(reader, "on", moment);
    let check = keys.read(reader, "check", Reader::bool);
    let Some(entry) = keys.get("rule") else {
        let diagnostic = Diagnostic::new(Code::E011, &node.span, "an entry of `rules` has no `rule:`");
        return reader.refuse(diagnostic.help("a rule that holds `: ` needs quotes"));
    };
    let (text, expression) = condition(reader, &entry.value, "rule")?;
    Some(RuleSpec { text, expression, message, name, on, check })
}

fn moment(reader: &mut Reader, node: &document::Node, name: &str) -> Option<Spanned<RuleMoment>> {
    let words = reader.words(node, name, &MOMENTS)?;
    let moment = match words.value.as_slice() {
        [one] => one.value,
        [] => return reader.refuse(Diagnostic::new(Code::E016, &node.span, "`on` is empty").help("create or update")),
        _ => RuleMoment::Both,
    };
    Some(Spanned::new(moment, words.span))
}

/// Reads a rule that stands alone, such as `where:` of an index.
pub(in crate::spec) fn condition(
    reader: &mut Reader,
    node: &document::Node,
    name: &str,
) -> Option<(Spanned<String>, Expression)> {
    let text = reader.text(node, name)?;
    match parse(&text.value, |start, end| node.part(start, end)) {
        Ok(expression) => Some((text, expression)),
        Err(diagnostic) => reader.refuse(*diagnostic),
    }
}

/// Parses a rule; `place` says where its bytes stand.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other token is unexpected here")]
fn parse(text: &str, place: impl Fn(usize, usize) -> Span) -> Parsed<Expression> {
    let mut parser = Parser { text, tokens: tokens(text), at: 0, depth: 0, place };
    if parser.tokens.len() == 1 {
        let span = (parser.place)(0, text.len());
        return Err(Box::new(
            Diagnostic::new(Code::E410, &span, "the rule is empty").help("e.g. `ends_at > starts_at`"),
        ));
    }
    let expression = parser.rule()?;
    match parser.peek() {
        TokenKind::End => Ok(expression),
        TokenKind::Arrow => Err(parser.unexpected("`=>` does not chain: use brackets or two rules")),
        TokenKind::Compare(_) => Err(parser.unexpected("a comparison does not chain: join two with `and`")),
        _ => Err(parser.unexpected("")),
    }
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

struct Parser<'a, P> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    place: P,
}

impl<P: Fn(usize, usize) -> Span> Parser<'_, P> {
    fn rule(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let left = self.or()?;
        if *self.peek() != TokenKind::Arrow {
            return Ok(left);
        }
        self.at += 1;
        let right = self.or()?;
        Ok(self.finish(start, Node::Implies(Box::new(left), Box::new(right))))
    }

    fn or(&mut self) -> Parsed<Expression> {
        self.chain("or", Self::and, Node::Or)
    }

    fn and(&mut self) -> Parsed<Expression> {
        self.chain("and", Self::not, Node::And)
    }

    fn chain(
        &mut self,
        word: &str,
        part: impl Fn(&mut Self) -> Parsed<Expression>,
        join: impl Fn(Vec<Expression>) -> Node,
    ) -> Parsed<Expression> {
        let start = self.start();
        let first = part(self)?;
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(part(self)?);
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        Ok(self.finish(start, join(parts)))
    }

    fn not(&mut self) -> Parsed<Expression> {
        let start = self.start();
        if !self.take_word("not") {
            return self.test();
        }
        let inner = self.deeper(Self::not)?;
        Ok(self.finish(start, Node::Not(Box::new(inner))))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other token is unexpected here")]
    fn test(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let left = self.sum()?;
        let node = match self.peek().clone() {
            TokenKind::Compare(comparison) => self.comparison(comparison, left)?,
            TokenKind::Word(word) if word == "is" => self.is_null(left)?,
            TokenKind::Word(word) if word == "matches" => self.matches(left)?,
            TokenKind::Word(word) if word == "in" => {
                self.at += 1;
                self.choices(left, false)?
            }
            TokenKind::Word(word) if word == "not" => {
                self.at += 1;
                if !self.take_word("in") {
                    return Err(self.unexpected("write `not in [ … ]`"));
                }
                self.choices(left, true)?
            }
            _ => return Ok(left),
        };
        Ok(self.finish(start, node))
    }

    fn comparison(&mut self, comparison: Comparison, left: Expression) -> Parsed<Node> {
        self.at += 1;
        if let TokenKind::Word(word) = self.peek()
            && word == "null"
        {
            let token = &self.tokens[self.at];
            let span = (self.place)(token.start, token.end);
            let diagnostic = Diagnostic::new(Code::E413, &span, "a value is never equal to null");
            return Err(Box::new(diagnostic.help("write `is null` or `is not null`")));
        }
        let right = self.sum()?;
        Ok(Node::Compare(comparison, Box::new(left), Box::new(right)))
    }

    fn is_null(&mut self, left: Expression) -> Parsed<Node> {
        self.at += 1;
        let negated = self.take_word("not");
        if !self.take_word("null") {
            return Err(self.unexpected("`is` only tests for null: `is null` or `is not null`"));
        }
        Ok(Node::IsNull { negated, value: Box::new(left) })
    }

    fn matches(&mut self, left: Expression) -> Parsed<Node> {
        self.at += 1;
        let token = self.tokens[self.at].clone();
        let TokenKind::Text(text) = token.kind else {
            return Err(self.unexpected("`matches` takes a pattern in quotes: `code matches '^[A-Z]+$'`"));
        };
        self.at += 1;
        let pattern = Spanned::new(text, (self.place)(token.start, token.end));
        if let Some(diagnostic) = check_pattern(&pattern, "the rule") {
            return Err(Box::new(diagnostic));
        }
        Ok(Node::Matches(Box::new(left), pattern))
    }

    fn choices(&mut self, left: Expression, negated: bool) -> Parsed<Node> {
        self.expect(&TokenKind::OpenList, "write the values in brackets: `status in ['draft', 'paid']`")?;
        let mut choices = vec![self.sum()?];
        while self.take(&TokenKind::Comma) {
            choices.push(self.sum()?);
        }
        self.expect(&TokenKind::CloseList, "close the list with `]`")?;
        Ok(Node::In { negated, value: Box::new(left), choices })
    }

    fn sum(&mut self) -> Parsed<Expression> {
        self.operations(Self::term, &[Arithmetic::Add, Arithmetic::Subtract])
    }

    fn term(&mut self) -> Parsed<Expression> {
        self.operations(Self::factor, &[Arithmetic::Multiply])
    }

    /// Operands joined from the left.
    fn operations(
        &mut self,
        operand: impl Fn(&mut Self) -> Parsed<Expression>,
        operators: &[Arithmetic],
    ) -> Parsed<Expression> {
        let start = self.start();
        let mut left = operand(self)?;
        let mut joined = 0;
        while let TokenKind::Arithmetic(operator) = *self.peek() {
            if !operators.contains(&operator) {
                break;
            }
            joined += 1;
            if joined > MAX_DEPTH {
                return Err(self.unexpected("the rule is too long"));
            }
            self.at += 1;
            let right = operand(self)?;
            left = self.finish(start, Node::Arithmetic(operator, Box::new(left), Box::new(right)));
        }
        Ok(left)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "every other token is unexpected here")]
    fn factor(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let node = match self.peek().clone() {
            TokenKind::Number(number) => self.literal(Node::Number(number)),
            TokenKind::Text(text) => self.literal(Node::Text(text)),
            TokenKind::Duration(text) => match duration(&text) {
                Some(micros) => self.literal(Node::Duration(micros)),
                None => return Err(self.unexpected("a duration is one number and one unit: `90s`, `15m`, `2h`, `7d`")),
            },
            TokenKind::Word(word) => self.word(&word)?,
            TokenKind::Open => {
                self.at += 1;
                let inner = self.deeper(Self::or)?;
                self.expect(&TokenKind::Close, "close the bracket with `)`")?;
                return Ok(Expression { span: self.span_from(start), ..inner });
            }
            TokenKind::Arithmetic(Arithmetic::Subtract) => {
                self.at += 1;
                Node::Negate(Box::new(self.deeper(Self::factor)?))
            }
            _ => return Err(self.unexpected("")),
        };
        Ok(self.finish(start, node))
    }

    fn literal(&mut self, node: Node) -> Node {
        self.at += 1;
        node
    }

    fn word(&mut self, word: &str) -> Parsed<Node> {
        match word {
            "true" => return Ok(self.literal(Node::Bool(true))),
            "false" => return Ok(self.literal(Node::Bool(false))),
            _ if KEYWORDS.contains(&word) => return Err(self.unexpected("")),
            _ => {}
        }
        let first = self.name();
        if *self.peek() == TokenKind::Open {
            return self.call(first);
        }
        if *self.peek() == TokenKind::Dot {
            let span = self.span_of_path();
            let path = Spanned::new(first.value, span);
            return Err(Box::new(later(Code::E016, &path, "a rule over a reference")));
        }
        Ok(Node::Path(vec![first]))
    }

    /// The place of a path whose first name has just been read.
    fn span_of_path(&mut self) -> Span {
        let start = self.tokens[self.at - 1].start;
        while self.take(&TokenKind::Dot) {
            if matches!(self.peek(), TokenKind::Word(_)) {
                self.at += 1;
            }
        }
        self.span_from(start)
    }

    fn name(&mut self) -> Spanned<String> {
        let token = &self.tokens[self.at];
        self.at += 1;
        Spanned::new(self.text[token.start..token.end].to_owned(), (self.place)(token.start, token.end))
    }

    fn call(&mut self, name: Spanned<String>) -> Parsed<Node> {
        let word = name.value.as_str();
        let Some((_, function, fewest, most)) = FUNCTIONS.iter().find(|(known, ..)| *known == word) else {
            let names = FUNCTIONS.iter().map(|(known, ..)| *known);
            let help = suggest::help(word, names, suggest::FOREIGN_FUNCTIONS);
            let diagnostic = Diagnostic::new(Code::E418, &name.span, format!("unknown function `{word}`"));
            return Err(Box::new(with_help(diagnostic, help, &name.span)));
        };
        self.at += 1;
        let mut arguments = Vec::new();
        if *self.peek() != TokenKind::Close {
            arguments.push(self.deeper(Self::or)?);
            while self.take(&TokenKind::Comma) {
                arguments.push(self.deeper(Self::or)?);
            }
        }
        self.expect(&TokenKind::Close, "close the arguments with `)`")?;
        let given = arguments.len();
        if given < *fewest || given > *most {
            let wanted = match (*fewest, *most) {
                (0, _) => "no arguments".to_owned(),
                (1, 1) => "1 argument".to_owned(),
                (fewest, _) => format!("at least {fewest} argument{}", if fewest == 1 { "" } else { "s" }),
            };
            let message = format!("`{word}` takes {wanted}, got {given}");
            return Err(Box::new(Diagnostic::new(Code::E419, &name.span, message)));
        }
        Ok(Node::Call(Spanned::new(*function, name.span), arguments))
    }

    /// Runs a step one level deeper, unless that is too deep.
    fn deeper(&mut self, step: impl Fn(&mut Self) -> Parsed<Expression>) -> Parsed<Expression> {
        if self.depth >= MAX_DEPTH {
            return Err(self.unexpected("the rule is nested too deeply"));
        }
        self.depth += 1;
        let result = step(self);
        self.depth -= 1;
        result
    }

    fn peek(&self) -> &TokenKind {
        &self.tokens[self.at].kind
    }

    fn take(&mut self, kind: &TokenKind) -> bool {
        let is_next = self.peek() == kind;
        self.at += usize::from(is_next);
        is_next
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), TokenKind::Word(next) if next == word);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, kind: &TokenKind, help: &str) -> Parsed<()> {
        if self.take(kind) { Ok(()) } else { Err(self.unexpected(help)) }
    }

    fn start(&self) -> usize {
        self.tokens[self.at].start
    }

    fn span_from(&self, start: usize) -> Span {
        let end = self.tokens[..self.at].last().map_or(start, |token| token.end);
        (self.place)(start, end.max(start))
    }

    fn finish(&self, start: usize, node: Node) -> Expression {
        Expression { node, span: self.span_from(start) }
    }

    /// The diagnostic of the next token.
    #[expect(clippy::wildcard_enum_match_arm, reason = "every other token is unexpected here")]
    fn unexpected(&self, help: &str) -> Box<Diagnostic> {
        let token = &self.tokens[self.at];
        let span = (self.place)(token.start, token.end);
        let written = &self.text[token.start..token.end];
        let diagnostic = match &token.kind {
            TokenKind::Unknown(sign) if sign == "=" => {
                Diagnostic::new(Code::E411, &span, "`=` is not an operator").help("use `==` to compare")
            }
            TokenKind::Unknown(sign) if sign == "/" || sign == "%" => {
                Diagnostic::new(Code::E412, &span, "division is not part of the rule language")
                    .help("databases disagree about it: multiply instead, `a > 2 * b`")
            }
            TokenKind::Unclosed => Diagnostic::new(Code::E410, &span, "the text is never closed").help("add a `'`"),
            TokenKind::Unknown(sign) if sign == "\"" => {
                self.at_column(token.start, written, &span).help("text stands in single quotes: `'draft'`")
            }
            TokenKind::Unknown(sign) if sign == "&" => self.at_column(token.start, written, &span).help("write `and`"),
            TokenKind::Unknown(sign) if sign == "|" => self.at_column(token.start, written, &span).help("write `or`"),
            TokenKind::Unknown(sign) if sign == "!" => self.at_column(token.start, written, &span).help("write `not`"),
            TokenKind::End => Diagnostic::new(Code::E410, &span, "the rule ends too early"),
            _ => self.at_column(token.start, written, &span),
        };
        Box::new(if help.is_empty() || diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) })
    }

    fn at_column(&self, start: usize, written: &str, span: &Span) -> Diagnostic {
        let column = self.text[..start].chars().count() + 1;
        Diagnostic::new(Code::E410, span, format!("unexpected `{written}` at column {column}"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use camino::Utf8Path;

    use super::*;

    fn outcome(text: &str) -> String {
        let path: Arc<Utf8Path> = Arc::from(Utf8Path::new("a.yaml"));
        match parse(text, |start, end| Span::new(&path, start, end)) {
            Ok(expression) => shape(&expression),
            Err(diagnostic) => format!("{}: {}", diagnostic.code, diagnostic.message),
        }
    }

    /// The tree with brackets around everything.
    fn shape(expression: &Expression) -> String {
        let join = |parts: &[Expression], word: &str| {
            format!("({})", parts.iter().map(shape).collect::<Vec<_>>().join(&format!(" {word} ")))
        };
        match &expression.node {
            Node::Implies(left, right) => format!("({} => {})", shape(left), shape(right)),
            Node::Or(parts) => join(parts, "or"),
            Node::And(parts) => join(parts, "and"),
            Node::Not(inner) => format!("(not {})", shape(inner)),
            Node::Compare(comparison, left, right) => format!("({} {comparison:?} {})", shape(left), shape(right)),
            Node::In { negated, value, choices } => format!("({} in:{negated} {})", shape(value), join(choices, ",")),
            Node::IsNull { negated, value } => format!("({} null:{negated})", shape(value)),
            Node::Matches(value, pattern) => format!("({} matches {})", shape(value), pattern.value),
            Node::Arithmetic(operator, left, right) => format!("({} {operator:?} {})", shape(left), shape(right)),
            Node::Negate(inner) => format!("(-{})", shape(inner)),
            Node::Call(function, arguments) => format!("{:?}{}", function.value, join(arguments, ",")),
            Node::Path(names) => names.iter().map(|name| name.value.clone()).collect::<Vec<_>>().join("."),
            Node::Number(number) => number.clone(),
            Node::Text(text) => format!("'{text}'"),
            Node::Duration(micros) => format!("{micros}us"),
            Node::Bool(value) => value.to_string(),
        }
    }

    #[test]
    fn rules_are_read_by_the_grammar() {
        let table = [
            // rule, tree or diagnostic
            ("ends_at > starts_at", "(ends_at Greater starts_at)"),
            ("status == 'shipped' => shipped_at is not null", "((status Equal 'shipped') => (shipped_at null:true))"),
            ("present(email, phone) >= 1", "(Present(email , phone) GreaterOrEqual 1)"),
            ("price >= 2 * cost + 1", "(price GreaterOrEqual ((2 Multiply cost) Add 1))"),
            ("a - b - c == -d", "(((a Subtract b) Subtract c) Equal (-d))"),
            ("a or b and not c", "(a or (b and (not c)))"),
            ("(a or b) and c", "((a or b) and c)"),
            ("s not in ['a', 'b']", "(s in:true ('a' , 'b'))"),
            ("ends_at > now() + 90s", "(ends_at Greater (Now() Add 90000000us))"),
            ("name == 'it\\'s'", "(name Equal 'it's')"),
            ("code matches '^[A-Z]+$'", "(code matches ^[A-Z]+$)"),
            ("a = b", "E411: `=` is not an operator"),
            ("a / 2 > b", "E412: division is not part of the rule language"),
            ("a == null", "E413: a value is never equal to null"),
            ("a > > b", "E410: unexpected `>` at column 5"),
            ("a < b < c", "E410: unexpected `<` at column 7"),
            ("a => b => c", "E410: unexpected `=>` at column 8"),
            ("a >", "E410: the rule ends too early"),
            ("a == 'b", "E410: the text is never closed"),
            ("a == \"b\"", "E410: unexpected `\"` at column 6"),
            ("len(a) > 1", "E418: unknown function `len`"),
            ("length(a, b) > 1", "E419: `length` takes 1 argument, got 2"),
            ("coalesce(a) > 1", "E419: `coalesce` takes at least 2 arguments, got 1"),
            ("parent.post == post", "E016: a rule over a reference is not supported yet"),
            ("a matches '(?=b)'", "E211: the pattern of the rule uses look-around or a back-reference"),
            ("", "E410: the rule is empty"),
            ("ä > 1", "E410: unexpected `ä` at column 1"),
        ];
        for (rule, expected) in table {
            assert_eq!(outcome(rule), expected, "{rule}");
        }
        assert!(outcome(&"(".repeat(100_000)).starts_with("E410"));
        assert!(outcome(&format!("{}a", "not ".repeat(100_000))).starts_with("E410"));
        assert!(outcome(&format!("{}a", "-".repeat(100_000))).starts_with("E410"));
        assert!(outcome(&"a + ".repeat(100_000)).starts_with("E410"));
    }
}
