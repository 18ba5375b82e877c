package ai.pediscreen.telemetry.postgres;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.postgres.connect.ConnectionParameters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is and how it is used. Immutable.
 *
 * @param jdbcUrl {@code jdbc:postgresql://…}
 * @param user database role; null to leave it to the URL
 * @param password its password; null to leave it to the URL. Never part of {@link #toString}.
 * @param readers how many questions are answered at once; 1 to 1000
 * @param retentionDays how many days raw events are kept, and duplicates recognised; 1 to 3650
 * @param auditDays how many days entries of the audit log are kept; 1 to 36500
 * @param drift what days are watched for; the same in every program that computes them
 * @param silenceLimit a program that computes a day and is silent for so long loses its lock to
 *     others; a second to an hour
 * @param exporting whether events are queued for export as they are stored; all programs that write
 *     to one database should agree
 * @param namesPerDay of how many models the figures of an organisation tell on a UTC day, and of
 *     how many reasons, fallbacks, adapters and providers; the rest is counted under {@code other};
 *     1 to 100 000. All programs that use one database should agree.
 * @param schema where all tables are, the history of migrations included, whatever {@code
 *     search_path} says; made at the first opening if it is not there. Lower-case letters, digits
 *     and underscores, beginning with no digit, up to 63, and not beginning with {@code pg_}.
 * @param clock what says the time; null for the database's own clock, which is what several servers
 *     can agree on. Meant for tests.
 * @param poolMetrics the registry of Micrometer that counts connection pools; null for none
 */
public record PostgresSettings(
    String jdbcUrl,
    @Nullable String user,
    @Nullable String password,
    int readers,
    int retentionDays,
    int auditDays,
    DriftSettings drift,
    Duration silenceLimit,
    boolean exporting,
    int namesPerDay,
    String schema,
    @Nullable InstantSource clock,
    @Nullable Object poolMetrics) {

  /** Where the tables are unless something else is asked for. */
  public static final String DEFAULT_SCHEMA = "pedi_telemetry";

  private static final Pattern SCHEMA = Pattern.compile("(?!pg_)[a-z_][a-z0-9_]{0,62}");
  private static final int DEFAULT_READERS = 8;
  private static final int DEFAULT_RETENTION_DAYS = 400;
  private static final int DEFAULT_AUDIT_DAYS = 2_190;
  private static final int DEFAULT_NAMES_PER_DAY = 1_000;
  private static final Duration DEFAULT_SILENCE_LIMIT = Duration.ofMinutes(1);

  public PostgresSettings {
    requireNonNull(jdbcUrl, "jdbcUrl");
    requireNonNull(silenceLimit, "silenceLimit");
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("jdbcUrl must begin with jdbc:postgresql:");
    }
    requireBetween("readers", readers, 1_000);
    requireBetween("retentionDays", retentionDays, 3_650);
    requireBetween("auditDays", auditDays, 36_500);
    requireBetween("namesPerDay", namesPerDay, 100_000);
    try {
      checkedSchema(schema);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("schema " + e.getMessage(), e);
    }
    requireNonNull(drift, "drift");
    if (silenceLimit.compareTo(Duration.ofSeconds(1)) < 0
        || silenceLimit.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "silenceLimit must be between a second and an hour but is " + silenceLimit);
    }
  }

  private static void requireBetween(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s must be between 1 and %d but is %d".formatted(name, most, value));
    }
  }

  /**
   * Returns a name if it can be that of the schema.
   *
   * @throws IllegalArgumentException saying what it must be, without the text
   */
  public static String checkedSchema(String name) {
    if (!SCHEMA.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "must be up to 63 lower-case letters, digits and underscores, and must not begin with a"
              + " digit or pg_");
    }
    if (name.equals("information_schema")) {
      throw new IllegalArgumentException("must not be that of PostgreSQL's own information_schema");
    }
    return name;
  }

  /** Default settings for a database. */
  public static PostgresSettings of(
      String jdbcUrl, @Nullable String user, @Nullable String password) {
    return new PostgresSettings(
        jdbcUrl,
        user,
        password,
        DEFAULT_READERS,
        DEFAULT_RETENTION_DAYS,
        DEFAULT_AUDIT_DAYS,
        DriftSettings.standard(),
        DEFAULT_SILENCE_LIMIT,
        false,
        DEFAULT_NAMES_PER_DAY,
        DEFAULT_SCHEMA,
        null,
        null);
  }

  public PostgresSettings withReaders(int value) {
    return with(changed -> changed.readers = value);
  }

  public PostgresSettings withRetentionDays(int value) {
    return with(changed -> changed.retentionDays = value);
  }

  public PostgresSettings withAuditDays(int value) {
    return with(changed -> changed.auditDays = value);
  }

  public PostgresSettings withDrift(DriftSettings value) {
    return with(changed -> changed.drift = value);
  }

  public PostgresSettings withSilenceLimit(Duration value) {
    return with(changed -> changed.silenceLimit = value);
  }

  public PostgresSettings withExporting(boolean value) {
    return with(changed -> changed.exporting = value);
  }

  public PostgresSettings withNamesPerDay(int value) {
    return with(changed -> changed.namesPerDay = value);
  }

  public PostgresSettings withSchema(String value) {
    return with(changed -> changed.schema = value);
  }

  public PostgresSettings withClock(InstantSource value) {
    return with(changed -> changed.clock = value);
  }

  public PostgresSettings withPoolMetrics(Object value) {
    return with(changed -> changed.poolMetrics = value);
  }

  private PostgresSettings with(Consumer<Values> change) {
    Values values = new Values(this);
    change.accept(values);
    return new PostgresSettings(
        jdbcUrl,
        user,
        password,
        values.readers,
        values.retentionDays,
        values.auditDays,
        values.drift,
        values.silenceLimit,
        values.exporting,
        values.namesPerDay,
        values.schema,
        values.clock,
        values.poolMetrics);
  }

  /** What can be changed of settings, while it is. */
  private static final class Values {
    int readers;
    int retentionDays;
    int auditDays;
    DriftSettings drift;
    Duration silenceLimit;
    boolean exporting;
    int namesPerDay;
    String schema;
    @Nullable InstantSource clock;
    @Nullable Object poolMetrics;

    Values(PostgresSettings settings) {
      this.readers = settings.readers;
      this.retentionDays = settings.retentionDays;
      this.auditDays = settings.auditDays;
      this.drift = settings.drift;
      this.silenceLimit = settings.silenceLimit;
      this.exporting = settings.exporting;
      this.namesPerDay = settings.namesPerDay;
      this.schema = settings.schema;
      this.clock = settings.clock;
      this.poolMetrics = settings.poolMetrics;
    }
  }

  /** The part of them by which sessions begin. */
  ConnectionParameters connection() {
    return new ConnectionParameters(jdbcUrl, user, password, schema);
  }

  @Override
  public String toString() {
    return "PostgresSettings[readers=" + readers + ", retentionDays=" + retentionDays + "]";
  }
}
