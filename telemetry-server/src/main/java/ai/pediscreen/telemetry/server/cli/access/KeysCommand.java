package ai.pediscreen.telemetry.server.cli.access;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.cli.CommandAudit;
import ai.pediscreen.telemetry.server.cli.CommandLineError;
import ai.pediscreen.telemetry.server.cli.CommandRunner;
import ai.pediscreen.telemetry.server.http.access.KeyValidity;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code keys}: makes, lists and revokes keys; a server may be running meanwhile. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(create | list | rotate | revoke)",
    description = "Create, list, rotate and revoke access keys.")
public final class KeysCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw CommandLineError.of(spec, "say what to do with keys: create, list, rotate or revoke");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = {
        "Create a key and print it. It is not shown again.",
        "The key alone goes to standard output: KEY=$(… keys create …)"
      })
  void create(
      @Option(
              names = "--org",
              paramLabel = "<org>",
              description =
                  "The organisation it belongs to. Not allowed with scope jobs or metrics, optional"
                      + " with admin.")
          @Nullable String org,
      @Option(
              names = "--scope",
              paramLabel = "<scope>",
              required = true,
              split = ",",
              converter = ScopeConverter.class,
              description =
                  "ingest (send events), read (ask for figures), erase (erase events), jobs (have"
                      + " days computed), metrics (for Prometheus), or admin (everything, for every"
                      + " organisation); several with commas.")
          List<KeyScope> scopes,
      @Option(
              names = "--expires",
              paramLabel = "<time>",
              converter = TimeConverter.class,
              defaultValue = KeyValidity.USUAL_DAYS + "d",
              description =
                  "How long it is valid: 90d, 12h, 30m or never. Default: ${DEFAULT-VALUE}.")
          Life life,
      @Option(
              names = "--events-per-second",
              paramLabel = "<number>",
              description =
                  "Rate limit: requests over so many events a second get 429. Default: what"
                      + " EVENTS_PER_SECOND allows each organisation.")
          @Nullable Integer eventsPerSecond) {
    KeySecret secret = KeySecret.generate();
    Set<KeyScope> scopeSet = EnumSet.copyOf(scopes);
    requirePossible(secret, org, scopeSet, eventsPerSecond);
    Optional<AccessKey> key =
        entered(
            AuditAction.KEY_CREATED,
            AuditSelections::ofKey,
            keys -> Optional.of(keys.add(secret, org, scopeSet, life.duration(), eventsPerSecond)));
    show(secret, key.orElseThrow());
  }

  private static void show(KeySecret secret, AccessKey key) {
    System.out.println(secret.reveal());
    System.err.printf(
        "Key %s of %s may %s%s%s. It is not shown again.%n",
        key.prefix(),
        KeyTable.organisation(key),
        KeyTable.scopes(key),
        key.expiresAt() == null ? "" : " until " + KeyTable.time(key.expiresAt()),
        key.eventsPerSecond() == null
            ? ""
            : ", " + key.eventsPerSecond() + " events a second at most");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List all keys, without their secrets.")
  void list() {
    List<AccessKey> keys = CommandRunner.withStore((telemetry, config) -> telemetry.keys().list());
    KeyTable.lines(keys).forEach(System.out::println);
  }

  @Command(
      name = "rotate",
      mixinStandardHelpOptions = true,
      description = {
        "Replace a key by a new one with the same organisation, scopes and validity, and print it."
            + " It is not shown again.",
        "The old key stays valid for a while, so that its holders can switch."
      })
  void rotate(
      @Parameters(
              paramLabel = "<key>",
              description = "The key's prefix, as 'keys list' shows it: its first 20 characters.")
          String name,
      @Option(
              names = "--overlap",
              paramLabel = "<time>",
              converter = TimeConverter.class,
              defaultValue = KeyValidity.OVERLAP_DAYS + "d",
              description = "For how long both are valid: 7d, 12h, 30m. Default: ${DEFAULT-VALUE}.")
          Life overlap) {
    Duration both = overlap.duration();
    if (both == null) {
      throw CommandLineError.of(spec, "--overlap must be days, hours or minutes: 7d, 12h, 30m");
    }
    KeySecret next = KeySecret.generate();
    String old = prefix(name);
    Optional<AccessKey> key =
        entered(
            AuditAction.KEY_ROTATED,
            made -> AuditSelections.ofRotation(old, made),
            keys -> keys.rotate(old, next, both));
    show(next, key.orElseThrow(this::unknown));
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description = "Revoke a key for good; every server refuses it within five seconds.")
  void revoke(
      @Parameters(
              paramLabel = "<key>",
              description = "The key's prefix, as 'keys list' shows it: its first 20 characters.")
          String name) {
    String prefix = prefix(name);
    Optional<AccessKey> revoked =
        entered(AuditAction.KEY_REVOKED, AuditSelections::ofKey, keys -> keys.revoke(prefix));
    if (revoked.isEmpty()) {
      throw unknown();
    }
    System.out.printf("Key %s is revoked; every server refuses it within five seconds.%n", prefix);
  }

  /** The key itself is taken too. */
  private static String prefix(String name) {
    return KeySecret.presented(name).map(KeySecret::prefix).orElse(name);
  }

  private RuntimeException unknown() {
    return CommandLineError.of(spec, "there is no valid key of this prefix; see 'keys list'");
  }

  /** Before a database is started for nothing. */
  private void requirePossible(
      KeySecret secret,
      @Nullable String org,
      Set<KeyScope> scopes,
      @Nullable Integer eventsPerSecond) {
    try {
      AccessKey unused =
          new AccessKey(
              secret.prefix(), org, scopes, Instant.EPOCH, null, null, eventsPerSecond, null);
    } catch (IllegalArgumentException e) {
      throw CommandLineError.of(spec, String.valueOf(e.getMessage()));
    }
  }

  /** Does it, and enters it in the audit log if there was such a key. */
  private static Optional<AccessKey> entered(
      AuditAction action,
      Function<AccessKey, AuditSelection> selection,
      Function<KeyStore, Optional<AccessKey>> work) {
    return CommandRunner.withStore(
        (store, config) -> {
          KeyStore keys = store.keys();
          return store
              .audit()
              .appendWith(
                  () -> work.apply(keys),
                  key -> key.map(k -> CommandAudit.act(action, k.orgId(), selection.apply(k))));
        });
  }

  /** Reads the label of a scope. */
  static final class ScopeConverter implements ITypeConverter<KeyScope> {
    @Override
    public KeyScope convert(String value) {
      return KeyScope.ofLabel(value.strip())
          .orElseThrow(() -> new TypeConversionException("must be one of " + KeyScope.labels()));
    }
  }

  /** How long a key is valid; null for ever. */
  record Life(@Nullable Duration duration) {}

  /** Reads {@code 90d}, {@code 12h}, {@code 30m} and {@code never}. */
  static final class TimeConverter implements ITypeConverter<Life> {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})([dhm])");

    @Override
    public Life convert(String value) {
      if (value.equals("never")) {
        return new Life(null);
      }
      Matcher form = FORM.matcher(value);
      if (!form.matches()) {
        throw new TypeConversionException(
            "must be days, hours or minutes: 90d, 12h, 30m, or never");
      }
      int number = Integer.parseInt(form.group(1));
      return new Life(
          switch (form.group(2)) {
            case "d" -> Duration.ofDays(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofMinutes(number);
          });
    }
  }
}
