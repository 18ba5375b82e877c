package ai.pediscreen.telemetry.drift;

/** One bin of a {@link PsiResult}: how much of either sample it holds and what it adds. */
public sealed interface Bin permits IntervalBin, CategoryBin {

  /** How many reference values fall into the bin, 0 or more. */
  long referenceCount();

  /** How many current values fall into the bin, 0 or more. */
  long currentCount();

  /**
   * The reference's share as it entered the index: greater than 0 even where the count is 0, by the
   * rule of the binning.
   */
  double referenceShare();

  /** The current sample's share as it entered the index, greater than 0. */
  double currentShare();

  /**
   * What the bin adds to the index, (current share − reference share)·ln(current share/reference
   * share): 0 where the shares are equal, never negative.
   */
  double contribution();
}
