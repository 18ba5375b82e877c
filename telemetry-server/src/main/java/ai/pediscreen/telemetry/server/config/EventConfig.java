package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.privacy.PhiGuard;
import ai.pediscreen.telemetry.privacy.PhiMode;
import ai.pediscreen.telemetry.privacy.Pseudonyms;
import ai.pediscreen.telemetry.server.price.PriceFile;
import ai.pediscreen.telemetry.server.price.PriceList;
import org.jspecify.annotations.Nullable;

/**
 * What is done with an event before it is kept. Immutable.
 *
 * @param phi what is done with identifiers of persons in it
 * @param pseudonyms what stands in for ids of users and cases; null to keep those
 * @param keepsContent whether messages and prompts of OpenTelemetry's spans are kept
 * @param prices what a call costs that does not say
 */
public record EventConfig(
    PhiMode phi, @Nullable Pseudonyms pseudonyms, boolean keepsContent, PriceList prices) {

  static final Settings SETTINGS = new Settings();

  private static final Setting<PhiMode> PHI =
      SETTINGS.withDefault(
          "PHI",
          "redact",
          Forms.oneOf(PhiMode.values()),
          "identifiers of persons in events: `redact` puts `[redacted:email]` and the like in their"
              + " place, `reject` refuses the event, `off` keeps them");

  private static final Setting<Pseudonyms> PSEUDONYM_KEY =
      SETTINGS.secret(
          "PSEUDONYM_KEY",
          Pseudonyms::of,
          "at least 32 random bytes as text; set: `user_id` and `case_id` are replaced by a keyed"
              + " hash before they are kept");

  private static final Setting<Boolean> OTLP_CONTENT =
      SETTINGS.withDefault(
          "OTLP_CONTENT",
          "drop",
          Forms.oneOf("drop", "keep").andThen("keep"::equals),
          "messages and prompts in spans of OpenTelemetry; `keep` stores them in events, after the"
              + " guard that `PHI` sets");

  /** The file of prices. */
  public static final Setting<PriceList> PRICES =
      SETTINGS.withDefault(
          "PRICES",
          PriceList.empty(),
          "unset",
          PriceFile::read,
          "a price file, for calls with tokens but no cost");

  public EventConfig {
    requireNonNull(phi, "phi");
    requireNonNull(prices, "prices");
  }

  static EventConfig read(Environment environment) {
    return new EventConfig(
        environment.get(PHI),
        environment.find(PSEUDONYM_KEY),
        environment.get(OTLP_CONTENT),
        environment.get(PRICES));
  }

  /** A guard that has found nothing yet. */
  public PhiGuard guard() {
    return new PhiGuard(phi, pseudonyms);
  }
}
