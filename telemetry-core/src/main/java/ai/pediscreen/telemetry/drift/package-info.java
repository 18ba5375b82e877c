/**
 * Drift: how far a sample has moved from a reference, what that figure is made of, and how sure it
 * is. Usable alone: no server, no database, no other package of this library.
 *
 * <p>Start at {@link ai.pediscreen.telemetry.drift.PopulationStabilityIndex}. {@link
 * ai.pediscreen.telemetry.drift.CountedValues} keeps a day's distribution and merges days; {@link
 * ai.pediscreen.telemetry.drift.KolmogorovSmirnov}, {@link
 * ai.pediscreen.telemetry.drift.WassersteinDistance}, {@link
 * ai.pediscreen.telemetry.drift.ChiSquared} and {@link
 * ai.pediscreen.telemetry.drift.PsiResult#jensenShannonDistance()} stand beside it. There are no
 * ports. Every type is immutable and safe to share between threads, builders apart.
 *
 * <h2>What PSI measures</h2>
 *
 * <p>Put both samples into the same bins; let pᵢ be the reference's share of bin i and qᵢ the
 * current sample's. The population stability index is Σ (pᵢ − qᵢ)·ln(pᵢ/qᵢ). It is 0 where the
 * shares are equal, grows with every bin whose shares differ, and says nothing of direction: read
 * the bins for that. It is Jeffreys' divergence of two histograms, so it knows bins and no
 * distances: a value that moves to the next bin counts as much as one that moves to the farthest.
 * The Wasserstein distance is the one that knows how far.
 *
 * <h2>What each choice does</h2>
 *
 * <p>The index is a property of the samples <em>and</em> the bins. The same data, 10 buckets asked
 * for, bins used in brackets:
 *
 * <table>
 *   <caption>One index, four binnings</caption>
 *   <tr><th>binning</th><th>[1, 2, 3] × 100 against [2, 3, 4] × 100</th><th>0..99 against 50..149</th></tr>
 *   <tr><td>SEED</td><td>6.3713 (4)</td><td>13.6687 (10)</td></tr>
 *   <tr><td>REFERENCE_QUANTILES</td><td>6.3713 (4)</td><td>8.9549 (10)</td></tr>
 *   <tr><td>EQUAL_WIDTH</td><td>8.4779 (10)</td><td>10.7670 (10)</td></tr>
 *   <tr><td>EVIDENTLY</td><td>5.4062 (4)</td><td>7.4145 (9)</td></tr>
 * </table>
 *
 * <p>So a figure means something only beside its binning, and figures of two binnings cannot be
 * compared. The full figures, for those who check: EQUAL_WIDTH 8.47790653236032 (8.477906684770259
 * in 5 buckets) and 10.76702612129847, EVIDENTLY 5.40619637658872 and 7.414532745869386.
 *
 * <ul>
 *   <li>{@linkplain ai.pediscreen.telemetry.drift.Binning#seed SEED} takes quantiles of both
 *       samples together. About as many values in every bin, which is what the significance below
 *       wants; but each comparison has edges of its own.
 *   <li>{@linkplain ai.pediscreen.telemetry.drift.Binning#referenceQuantiles REFERENCE_QUANTILES}
 *       takes them of the reference: the edges stay, day after day, and can be stored. Swapping the
 *       samples changes the index: 6.3713 above becomes 12.2805.
 *   <li>{@linkplain ai.pediscreen.telemetry.drift.Binning#equalWidth EQUAL_WIDTH} is at the mercy
 *       of one value: 100..1099 against 400..1399 gives 6.15, and 0.0069 once a single current
 *       value is a million. SEED gives 7.87 either way.
 *   <li>{@linkplain ai.pediscreen.telemetry.drift.Binning#evidently EVIDENTLY} treats up to 20
 *       distinct reference values as categories; the 21st changes the rule and the figure.
 *   <li>{@linkplain ai.pediscreen.telemetry.drift.Binning#custom CUSTOM} has the edges that mean
 *       something to the reader, such as the bounds of a service level.
 * </ul>
 *
 * <p>An empty bin has a share of 0, whose logarithm is infinite. Every binning therefore makes up a
 * small share, and <em>that</em> decides the index as soon as a bin is empty. With 9000 and 1000
 * reference values in two categories and 9000 current values in the first, 10 in the second give
 * 0.455, 1 gives 0.690 and none gives 2.072: the last step is the made-up share of 10⁻⁶/9000.
 *
 * <h2>How sure it is</h2>
 *
 * <p>Two samples of one population differ by chance, and the index turns that into a number above
 * 0: on average (1/n + 1/m)·(bins − 1), distributed as (1/n + 1/m)·χ² with bins − 1 degrees of
 * freedom (Yurdakul, Statistical Properties of Population Stability Index, 2018). The result's
 * {@code criticalValue} is the quantile of that, and {@code significant} whether the index is over
 * it. With 10 bins at 95 %: 1.934 for 10 values against 70, 0.193 for 100 against 700, 0.0387 for
 * 500 against 3500, 0.0193 for 1000 against 7000.
 *
 * <p>The thresholds 0.1 and 0.2 are a convention of credit scoring, and know no sample size; 0.1
 * and 0.25 are as common, and 0.2 and 0.5 are what PediScreen's clients show. {@link
 * ai.pediscreen.telemetry.drift.DriftVerdict} asks both: SIGNIFICANT is an index over the upper
 * threshold that samples of this size do not reach by chance, and where chance itself reaches the
 * threshold the verdict is INSUFFICIENT_DATA, unless the samples are wholly apart. Simulated days
 * without any drift, lognormal latencies, SEED, 10 buckets, 95 %:
 *
 * <table>
 *   <caption>False alarms under no drift, percent of days</caption>
 *   <tr><th>day against week</th><th>naive, index over 0.2</th><th>significant</th><th>SIGNIFICANT</th></tr>
 *   <tr><td>10 against 70</td><td>100.0</td><td>97.6</td><td>0.0</td></tr>
 *   <tr><td>100 against 700</td><td>6.6</td><td>7.3</td><td>6.6</td></tr>
 *   <tr><td>500 against 3500</td><td>0.0</td><td>5.6</td><td>0.0</td></tr>
 *   <tr><td>1000 against 7000</td><td>0.0</td><td>5.4</td><td>0.0</td></tr>
 * </table>
 *
 * <h2>What to alarm on</h2>
 *
 * <p>Neither the index nor {@code significant} is an alarm. {@link
 * ai.pediscreen.telemetry.drift.DriftGate} is: a test whose false alarms are as many as it says,
 * and a size. {@link ai.pediscreen.telemetry.drift.DriftEvidence} puts sparse bins together and
 * adds half a value to each, tests by Pearson's χ² (numbers by rank sums too), and measures how far
 * the median and the values moved. Quiet days at 1 %, in percent of days that alarm:
 *
 * <table>
 *   <caption>False alarms of a single look without drift</caption>
 *   <tr><th>values, day against week</th><th>index over 0.2</th><th>gate</th></tr>
 *   <tr><td>60 latencies against 420</td><td>37.8</td><td>0.8</td></tr>
 *   <tr><td>3 categories and 20 rare ones, 300 against 2100</td><td>83.6</td><td>0.0</td></tr>
 *   <tr><td>20 categories by Zipf's law, 100 against 700</td><td>89.6</td><td>0.0</td></tr>
 * </table>
 *
 * <p>Many looks at once are judged by {@link ai.pediscreen.telemetry.drift.FalseDiscoveryRate}.
 * What was found and how small a drift is seen is in docs/drift.md.
 *
 * <h2>Where it misleads</h2>
 *
 * <ul>
 *   <li>Small samples. 10 against 70 passes 0.2 nearly always with nothing amiss. The critical
 *       value is an approximation that wants about ten values a bin: {@code significant} alone
 *       cries wolf at 10 against 70 too, as the table shows, which is why the verdict does not
 *       listen to it there, but asks Pearson's χ² over bins that are not sparse for a p-value of
 *       0.001. INSUFFICIENT_DATA is no all-clear: 0..29 against 9..38 has an index of 6.47 and is
 *       such a case. 0..99 against 50..149 is SIGNIFICANT; Kolmogorov–Smirnov agrees, by a p-value
 *       of 10⁻¹¹.
 *   <li>Large samples. With a million values on each side 10 bins have a critical value of 0.00003:
 *       everything is significant, and only the thresholds say whether it matters.
 *   <li>Few distinct values. SEED's edges can coincide until one bin is left, whose index is 0
 *       whatever the samples are; the verdict is then INSUFFICIENT_DATA. Its closed last bin joins
 *       the two largest values: 60/30/10 % of three values against 60/0/40 % is 0. Use {@linkplain
 *       ai.pediscreen.telemetry.drift.Binning#eachValue EACH_VALUE} for such data.
 *   <li>EQUAL_WIDTH and EVIDENTLY leave bins nearly empty, where χ² is a poor approximation: take
 *       their {@code significant} as a hint.
 *   <li>Many comparisons. At 95 % one in twenty models without drift is significant every day;
 *       judge them by {@link ai.pediscreen.telemetry.drift.FalseDiscoveryRate}.
 *   <li>Rare categories. One that was never seen adds p·ln(p/10⁻⁶·n) or so: over 0.2 on most quiet
 *       days, as the table above shows.
 *   <li>Seasons. A Monday against the week before it differs for reasons that are not drift;
 *       compare it with Mondays.
 *   <li>Creep. Against the days before, 1 % a day stays under 0.05 for good; compare with a
 *       reference that stays where it is.
 * </ul>
 */
@NullMarked
package ai.pediscreen.telemetry.drift;

import org.jspecify.annotations.NullMarked;
