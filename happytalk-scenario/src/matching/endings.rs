//! What may follow a label or a word at the end of a text.

/// The endings that end with this letter, longer ones first: 교환·을·하고싶어요. None of another letter can be the end of
/// a text that ends with this one.
pub(super) const fn of(last: char) -> &'static [&'static str] {
    match last {
        '다' => &[
            "부탁드리겠습니다",
            "부탁드립니다",
            "하고싶습니다",
            "부탁합니다",
            "하려고합니다",
            "하겠습니다",
            "원합니다",
            "합니다",
            "입니다",
        ],
        '요' => &[
            "해주시겠어요",
            "하고싶은데요",
            "부탁드려요",
            "하고싶어요",
            "해주실래요",
            "하려고해요",
            "부탁해요",
            "하려고요",
            "하려구요",
            "해주세요",
            "해줄래요",
            "할게요",
            "할래요",
            "할께요",
            "해줘요",
            "이에요",
            "주세요",
            "원해요",
            "해요",
            "예요",
            "에요",
            "이요",
            "으로요",
            "요",
        ],
        '데' => &["하고싶은데"],
        '오' => &["해주십시오"],
        '어' => &["하고싶어"],
        '고' => &["하려고"],
        '줘' => &["해줘"],
        '게' => &["할게"],
        '래' => &["할래"],
        '께' => &["할께"],
        '여' => &["이여"],
        '야' => &["이야"],
        '로' => &["으로", "로"],
        '염' => &["염"],
        '욤' => &["욤"],
        '은' => &["은"],
        '는' => &["는"],
        '이' => &["이"],
        '가' => &["가"],
        '을' => &["을"],
        '를' => &["를"],
        '좀' => &["좀"],
        '해' => &["해"],
        '도' => &["도"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn endings_stand_under_their_last_letter_longer_ones_first() {
        let letters = ('가'..='힣').map(|last| (last, of(last)));
        let mut count = 0;
        for (last, endings) in letters {
            count += endings.len();
            assert!(endings.iter().all(|ending| ending.ends_with(last)));
            for (place, longer) in endings.iter().enumerate() {
                let mut after = endings.iter().skip(place + 1);
                assert!(!after.any(|ending| ending.ends_with(longer)), "{longer}");
            }
        }
        assert_eq!(count, 56);
    }
}
