//! Percentiles of many latencies, and medians of few rounds.

/// Sub-buckets of each power of two: a percentile is exact to 1.6 %.
const STEPS: usize = 64;
const STEPS_LOG2: u32 = STEPS.trailing_zeros();
/// Powers of two above the first `STEPS` microseconds; the last ends past a day.
const OCTAVES: usize = 31;

/// Latencies in microseconds, counted in buckets that grow with them.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    counts: Vec<u32>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; STEPS * (OCTAVES + 1)], total: 0 }
    }
}

impl Histogram {
    /// Counts one.
    pub(crate) fn record(&mut self, micros: u64) {
        let at = bucket(micros).min(self.counts.len() - 1);
        self.counts[at] += 1;
        self.total += 1;
    }

    /// Counts what another has counted.
    pub(crate) fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        self.total += other.total;
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.total
    }

    /// The latency in milliseconds that this share of all stays under; 0 where there is none.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let wanted = (self.total as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (at, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted.max(1) {
                return upper_edge(at) as f64 / 1_000.0;
            }
        }
        0.0
    }
}

fn bucket(micros: u64) -> usize {
    if micros < STEPS as u64 {
        return micros as usize;
    }
    let octave = micros.ilog2() - STEPS_LOG2;
    STEPS * (octave as usize + 1) + ((micros >> octave) as usize - STEPS)
}

/// The first latency that is past a bucket.
fn upper_edge(bucket: usize) -> u64 {
    if bucket < STEPS {
        return bucket as u64 + 1;
    }
    let octave = bucket / STEPS - 1;
    ((STEPS + bucket % STEPS) as u64 + 1) << octave
}

/// The middle of what the rounds gave; none where no round gave anything.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        even if even % 2 == 0 => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
        _ => Some(sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_lies_below_its_buckets_edge_and_above_the_one_before() {
        for micros in (0..100_000).chain((100_000..50_000_000).step_by(9_973)) {
            let at = bucket(micros);
            assert!(micros < upper_edge(at), "{micros}");
            assert!(at == 0 || micros >= upper_edge(at - 1), "{micros}");
        }
    }

    #[test]
    fn percentiles_are_close() {
        let mut histogram = Histogram::default();
        (1..=10_000).for_each(|micros| histogram.record(micros));
        assert!((histogram.quantile_ms(0.5) - 5.0).abs() < 0.1);
        assert!((histogram.quantile_ms(0.99) - 9.9).abs() < 0.2);
        let mut twice = histogram.clone();
        twice.add(&histogram);
        assert_eq!(
            (twice.count(), twice.quantile_ms(0.5).to_bits()),
            (20_000, histogram.quantile_ms(0.5).to_bits())
        );
        assert_eq!(Histogram::default().quantile_ms(0.5).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn the_median_ignores_order() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }
}
