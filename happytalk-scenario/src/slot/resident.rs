//! Resident registration numbers (주민등록번호), which may not be collected.

/// Whether a resident or foreigner registration number stands in `text`: a day of birth in six digits, a hyphen or
/// nothing, a digit from 1 to 8 and six more, of which some may be stars. `hyphen` asks for the hyphen, for answers
/// that are long numbers anyway.
pub(crate) fn is_resident_number(text: &str, hyphen: bool) -> bool {
    let letters: Vec<char> = text
        .chars()
        .take(super::ANSWER_CHARS_MAX)
        .map(crate::normal::half_width)
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if crate::normal::is_dash(c) || ".·/_~:".contains(c) {
                '-'
            } else {
                c
            }
        })
        .collect();
    (0..letters.len()).any(|at| {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        // With a + in front it is a telephone number.
        !before.is_some_and(|c| c.is_ascii_digit() || *c == '+')
            && letters.get(at..).is_some_and(|rest| begins(rest, hyphen))
    })
}

fn begins(letters: &[char], hyphen: bool) -> bool {
    let Some((birth, rest)) = letters.split_at_checked(6) else {
        return false;
    };
    let digit = |c: &char| c.to_digit(10);
    let Some(birth) = birth.iter().map(digit).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let [_, _, m1, m2, d1, d2] = birth.as_slice() else {
        return false;
    };
    let (month, day) = (m1 * 10 + m2, d1 * 10 + d2);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return false;
    }
    let rest = match rest.split_first() {
        Some(('-', rest)) => rest,
        _ if hyphen => return false,
        _ => rest,
    };
    let Some((tail, after)) = rest.split_at_checked(7) else {
        return false;
    };
    let first = tail.first().is_some_and(|c| matches!(c, '1'..='8'));
    let more = tail
        .iter()
        .all(|c| c.is_ascii_digit() || matches!(c, '*' | '●' | '○'));
    first && more && !after.first().is_some_and(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::is_resident_number;

    #[test]
    fn a_resident_number_is_seen_wherever_it_stands() {
        for text in [
            "900101-1234567",
            "제 번호는 9001011234567 입니다",
            "９００１０１－２２３４５６７",
            "900101 - 3******",
            "홍길동/050505-4123456",
            "900101.1234567",
            "900101 / 1234567",
            "900101—1234567",
        ] {
            assert!(is_resident_number(text, false), "{text}");
        }
        for text in [
            "20260101-0001234",
            "01012345678",
            "+82 010 1234 5678",
            "901301-1234567",
            "900101-9234567",
            "90010112345678",
            "",
        ] {
            assert!(!is_resident_number(text, false), "{text}");
        }
        assert!(!is_resident_number("9001011234567", true));
        assert!(is_resident_number("900101-1234567", true));
    }
}
