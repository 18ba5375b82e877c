package ai.pediscreen.telemetry.drift;

/** What a result of categories names as its binning: no edges, only a rule for shares. */
final class CategoryBinning extends Binning {

  private final ShareRule shareRule;

  /** Categories with the shares of another binning. */
  CategoryBinning(Binning sharesOf) {
    super("CATEGORIES", "shares of " + sharesOf.name());
    this.shareRule = sharesOf.shareRule();
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    throw new UnsupportedOperationException("categories have no order to bin values by");
  }

  @Override
  ShareRule shareRule() {
    return shareRule;
  }
}
