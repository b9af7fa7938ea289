//! A form with files (`multipart/form-data`), all of it in memory.

use http::{HeaderMap, header};
use memchr::memmem;

/// A field of a form.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) file_name: Option<&'a str>,
    pub(super) bytes: &'a [u8],
}

/// The fields of a form; `None` where it is none.
pub(super) fn read<'a>(headers: &'a HeaderMap, body: &'a [u8]) -> Option<Vec<Field<'a>>> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = content_type
        .strip_prefix("multipart/form-data")
        .and_then(|rest| parameter(rest, "boundary"))?;
    let mark = format!("\r\n--{boundary}");
    // The first boundary has no line break before it.
    let mut rest = body.strip_prefix(mark.trim_start().as_bytes())?;
    let mut fields = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(fields);
        }
        let part = rest.strip_prefix(b"\r\n")?;
        let head_end = memmem::find(part, b"\r\n\r\n")?;
        let (head, content) = part.split_at_checked(head_end)?;
        let content = content.strip_prefix(b"\r\n\r\n")?;
        let end = memmem::find(content, mark.as_bytes())?;
        let (bytes, after) = content.split_at_checked(end)?;
        rest = after.strip_prefix(mark.as_bytes())?;
        let head = std::str::from_utf8(head).ok()?;
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let wanted = name.eq_ignore_ascii_case("content-disposition");
            wanted.then_some(value)
        })?;
        fields.push(Field {
            name: parameter(disposition, "name")?,
            file_name: parameter(disposition, "filename"),
            bytes,
        });
    }
}

/// `name="value"` or `name=value` among parameters that semicolons part.
fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(';').find_map(|part| {
        let (found, value) = part.trim().split_once('=')?;
        let wanted = found.trim().eq_ignore_ascii_case(name);
        wanted.then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Owned = (String, Option<String>, Vec<u8>);

    fn fields(content_type: &str, body: &str) -> Option<Vec<Owned>> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        let fields = read(&headers, body.as_bytes())?;
        let owned = fields.iter().map(|field| {
            let name = field.file_name.map(str::to_owned);
            (field.name.to_owned(), name, field.bytes.to_vec())
        });
        Some(owned.collect())
    }

    #[test]
    fn a_form_has_its_fields_byte_for_byte() {
        let body = "--b-1\r\nContent-Disposition: form-data; name=\"sender_key\"\r\n\r\nkey\r\n--b-1\r\n\
                    content-disposition: form-data; name=\"file\"; filename=\"가 나.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\
                    \r\n--b-\r\n\r\n--b-1--\r\n";
        let read = fields("multipart/form-data; boundary=\"b-1\"", body).unwrap();
        assert_eq!(read[0], ("sender_key".to_owned(), None, b"key".to_vec()));
        let name = Some("가 나.pdf".to_owned());
        assert_eq!(read[1], ("file".to_owned(), name, b"\r\n--b-\r\n".to_vec()));
    }

    #[test]
    fn what_is_cut_off_is_no_form() {
        let whole = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--";
        assert!(fields("multipart/form-data; boundary=b", whole).is_some());
        for end in 0..whole.len() - 1 {
            assert!(
                fields("multipart/form-data; boundary=b", &whole[..end]).is_none(),
                "{end}"
            );
        }
        assert!(fields("application/json", whole).is_none());
        assert!(fields("multipart/form-data", whole).is_none());
    }
}
