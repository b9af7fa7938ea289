//! Questions to a calendar of working hours: is it open, when next, how much of a weekend, a year and ten years.
#![expect(clippy::unwrap_used, reason = "a bench stops at what it cannot do")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use happytalk_core::Timestamp;
use happytalk_core::hours::{Asker, Calendar, SiteHours};

/// A centre with lunch, Saturdays, and fifteen holidays in each of twenty years.
fn hours(zone: &str) -> SiteHours {
    let days = (2015..2035).flat_map(|year| {
        (1..=5).flat_map(move |month| (1..=3).map(move |day| (year, month * 2, day * 7)))
    });
    let days = days.map(|(year, month, day)| format!(r#"{{"date":"{year}-{month:02}-{day:02}"}}"#));
    let special = days.collect::<Vec<_>>().join(",");
    let json = format!(
        r#"{{"zone":"{zone}","weekly":[{{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}},
        {{"days":[6],"from":"10:00","until":"15:00"}}],
        "breaks":[{{"from":"12:00","until":"13:00"}}],"special":[{special}]}}"#
    );
    SiteHours::new(Calendar::read(&json).unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn questions(criterion: &mut Criterion) {
    for (name, zone) in [("seoul", "Asia/Seoul"), ("new_york", "America/New_York")] {
        let site = hours(zone);
        let hours = site.hours(Asker::anybody());
        let (open, night) = (at("2024-05-13T14:30:00Z"), at("2024-05-10T23:50:00Z"));
        let mut group = criterion.benchmark_group(format!("hours_{name}"));
        group.bench_function("is_open", |bench| {
            bench.iter(|| hours.is_open(black_box(open)));
        });
        group.bench_function("next_open_over_a_weekend", |bench| {
            bench.iter(|| hours.next_open(black_box(night)));
        });
        group.bench_function("business_ms_of_ten_minutes", |bench| {
            let until = Timestamp::from_millis(open.as_millis() + 600_000);
            bench.iter(|| hours.business_ms(black_box(open), black_box(until)));
        });
        for (span, until) in [
            ("a_weekend", "2024-05-13T14:30:00Z"),
            ("a_year", "2025-05-10T23:50:00Z"),
            ("ten_years", "2034-05-10T23:50:00Z"),
        ] {
            let until = at(until);
            group.bench_function(format!("business_ms_of_{span}"), |bench| {
                bench.iter(|| hours.business_ms(black_box(night), black_box(until)));
            });
        }
        let (first, last) = (at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
        group.bench_function("table_of_ten_years", |bench| {
            bench.iter(|| hours.table(black_box(first), black_box(last)));
        });
        let table = hours.table(first, last);
        let (a, b) = (night, at("2029-05-10T23:50:00Z"));
        group.bench_function("business_ms_of_five_years_in_a_table", |bench| {
            bench.iter(|| table.business_ms(black_box(a), black_box(b)));
        });
        group.finish();
    }
}

criterion_group!(benches, questions);
criterion_main!(benches);
