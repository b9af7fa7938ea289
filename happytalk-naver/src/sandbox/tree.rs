//! JSON of any shape: what is not there is null.

use serde_json::Value;

/// What stands at `path`, whose names are apart by slashes.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    let found = path
        .split('/')
        .try_fold(value, |value, name| value.get(name));
    found.unwrap_or(&Value::Null)
}

/// Puts a member into an object.
pub(super) fn put(object: &mut Value, name: &str, member: impl Into<Value>) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), member.into());
    }
}

/// Puts all members of an object into another.
pub(super) fn put_all(object: &mut Value, further: Value) {
    if let (Value::Object(members), Value::Object(further)) = (object, further) {
        members.extend(further);
    }
}
