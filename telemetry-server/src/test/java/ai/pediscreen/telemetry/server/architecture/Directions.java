package ai.pediscreen.telemetry.server.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which part of the house may know which, as rules over all classes below one root package. */
final class Directions {

  private static final String[] OUTSIDE_CORE = {
    "java.lang..",
    "java.util..",
    "java.time..",
    "java.math..",
    "java.nio..",
    "java.io..",
    "java.net..",
    "java.sql..",
    "java.security..",
    "javax.crypto..",
    "org.jspecify..",
  };

  /** Of the packages that core may know; streams over memory and charsets are no I/O. */
  private static final String OUTSIDE_WORLD =
      "java\\.io\\.(File|RandomAccessFile|Console).*|java\\.nio\\.(file|channels)\\..*"
          + "|java\\.lang\\.Process.*|java\\.sql\\.(?!SQL\\w*Exception$).*";

  /** The hidden packages of the adapter for PostgreSQL, and which of them each may know. */
  private static final Map<String, List<String>> POSTGRES =
      Map.ofEntries(
          Map.entry("connect", List.of()),
          Map.entry("transaction", List.of("connect")),
          Map.entry("schema", List.of("connect", "transaction")),
          Map.entry("partition", List.of("transaction")),
          Map.entry("event", List.of("transaction", "partition")),
          Map.entry("usage", List.of("transaction", "event")),
          Map.entry("day", List.of("transaction", "partition", "event", "usage")),
          Map.entry("export", List.of("transaction", "event", "day")),
          Map.entry("erasure", List.of("transaction", "event", "export", "audit")),
          Map.entry("audit", List.of("transaction")),
          Map.entry("alert", List.of("transaction")),
          Map.entry("access", List.of("transaction")),
          Map.entry("retention", List.of("transaction", "partition", "day", "erasure", "audit")));

  private final String root;

  Directions(String root) {
    this.root = root;
  }

  /** All rules by a name that says what they demand. */
  Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put(
        "core stands alone",
        classes()
            .that()
            .resideInAnyPackage(core())
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(concat(core(), OUTSIDE_CORE)));
    rules.put(
        "event knows no other part",
        noClasses()
            .that()
            .resideInAPackage(in("event"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                in("usage"),
                in("drift"),
                in("daily"),
                in("access"),
                in("export"),
                in("alert"),
                in("memory"),
                in("privacy")));
    for (String leaf : List.of("access", "privacy", "erasure", "audit")) {
      rules.put(
          leaf + " knows event alone",
          noClasses()
              .that()
              .resideInAPackage(in(leaf))
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(in("usage"), in("drift"), in("daily"), in("memory")));
    }
    rules.put(
        "usage knows event alone",
        noClasses()
            .that()
            .resideInAPackage(in("usage"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                in("drift"), in("daily"), in("access"), in("export"), in("alert"), in("memory")));
    rules.put(
        "drift knows no part",
        noClasses()
            .that()
            .resideInAPackage(in("drift"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                in("event"),
                in("usage"),
                in("daily"),
                in("access"),
                in("export"),
                in("alert"),
                in("memory")));
    rules.put(
        "nothing in core knows the adapter in memory",
        noClasses()
            .that()
            .resideInAnyPackage(
                in("event"),
                in("usage"),
                in("drift"),
                in("daily"),
                in("access"),
                in("export"),
                in("alert"),
                in("job"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(in("memory")));
    rules.put(
        "only what stands in front of core knows the front door",
        noClasses()
            .that()
            .resideInAnyPackage(
                in("event"),
                in("usage"),
                in("drift"),
                in("daily"),
                in("access"),
                in("export"),
                in("privacy"),
                in("job"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(root));
    rules.put(
        "core speaks over the net in one place",
        noClasses()
            .that()
            .resideInAnyPackage(core())
            .and()
            .resideOutsideOfPackage(in("remote"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.."));
    rules.put(
        "core reads no files, runs no programs and asks no database",
        noClasses()
            .that()
            .resideInAnyPackage(core())
            .should()
            .dependOnClassesThat()
            .haveNameMatching(OUTSIDE_WORLD));
    rules.put(
        "adapters do not know each other",
        slices().matching(root + ".(postgres|bigquery)..").should().notDependOnEachOther());
    rules.put(
        "the server finds warehouses by their providers",
        noClasses()
            .that()
            .resideInAPackage(in("server"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(in("bigquery")));
    rules.put(
        "nothing knows the server",
        noClasses()
            .that()
            .resideOutsideOfPackage(in("server"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(in("server")));
    rules.put(
        "an adapter shows its factories, settings, report and provider alone",
        classes()
            .that()
            .resideInAnyPackage(root + ".postgres", root + ".bigquery")
            .and()
            .haveNameNotMatching(
                ".*\\.(Postgres|BigQuery)"
                    + "(Telemetry|Settings|Report|Store|Maintenance|Provider)(\\$.*)?")
            .should()
            .notBePublic());
    rules.put(
        "what PostgreSQL's adapter hides, nothing else knows",
        noClasses()
            .that()
            .resideOutsideOfPackage(in("postgres"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(root + ".postgres.*.."));
    rules.put(
        "PostgreSQL's adapter hides no other packages",
        classes()
            .that()
            .resideInAPackage(root + ".postgres.*..")
            .should()
            .resideInAnyPackage(postgres(POSTGRES.keySet())));
    POSTGRES.forEach(
        (part, known) ->
            rules.put(
                "postgres." + part + " knows few of its neighbours",
                noClasses()
                    .that()
                    .resideInAPackage(root + ".postgres." + part)
                    .should()
                    .dependOnClassesThat(
                        resideInAPackage(in("postgres"))
                            .and(not(resideInAPackage(root + ".postgres." + part)))
                            .and(not(resideInAnyPackage(postgres(known)))))));
    rules.put(
        "packages have no cycles", slices().matching(root + ".(**)").should().beFreeOfCycles());
    return rules;
  }

  private String[] core() {
    return new String[] {
      root,
      in("event"),
      in("usage"),
      in("drift"),
      in("daily"),
      in("access"),
      in("export"),
      in("alert"),
      in("memory"),
      in("privacy"),
      in("erasure"),
      in("audit"),
      in("job"),
      in("remote"),
      in("warehouse")
    };
  }

  private String[] postgres(Collection<String> parts) {
    return parts.stream().map(part -> root + ".postgres." + part).toArray(String[]::new);
  }

  private String in(String part) {
    return root + "." + part + "..";
  }

  private static String[] concat(String[] a, String[] b) {
    String[] both = java.util.Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
