package ai.pediscreen.telemetry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** Visits a server that requires keys, as those who have one and those who have not. */
public abstract class KeyedContract extends HttpContract {

  /** Those who come, in the order of the matrix. */
  enum Visitor {
    NO_KEY,
    WRONG,
    EXPIRED,
    REVOKED,
    INGEST_ONLY,
    READ_ONLY,
    ERASE_ONLY,
    OTHER_ORG,
    ADMIN,
    JOBS_ONLY,
    METRICS_ONLY
  }

  static final Duration KEY_LIFE = Duration.ofHours(1);

  final Map<Visitor, @Nullable String> keys = new EnumMap<>(Visitor.class);

  @BeforeEach
  void makeKeys() {
    keys.put(Visitor.NO_KEY, null);
    keys.put(Visitor.EXPIRED, key("org-a", KEY_LIFE, KeyScope.values()));
    String revoked = key("org-a", null, KeyScope.values());
    assertThat(server.keys().revoke(revoked.substring(0, 20))).isPresent();
    keys.put(Visitor.REVOKED, revoked);
    keys.put(Visitor.INGEST_ONLY, key("org-a", null, KeyScope.INGEST));
    keys.put(Visitor.READ_ONLY, key("org-a", null, KeyScope.READ));
    keys.put(Visitor.ERASE_ONLY, key("org-a", null, KeyScope.ERASE));
    keys.put(Visitor.OTHER_ORG, key("org-b", null, KeyScope.INGEST, KeyScope.READ));
    keys.put(Visitor.ADMIN, key(null, null, KeyScope.ADMIN));
    keys.put(Visitor.JOBS_ONLY, key(null, null, KeyScope.JOBS));
    keys.put(Visitor.METRICS_ONLY, key(null, null, KeyScope.METRICS));
    // Of the right prefix, so that it is found and compared.
    keys.put(Visitor.WRONG, keyOf(Visitor.READ_ONLY).substring(0, 84) + "g");
    server.clock().set(NOW.plus(KEY_LIFE));
  }

  final Answer as(@Nullable String key, String pathAndQuery, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    if (key != null) {
      all.addAll(List.of("apikey", key));
    }
    return get(pathAndQuery, all.toArray(String[]::new));
  }

  final long counted(String key) {
    return as(key, "/telemetry?range=90d").json().path("total_requests").longValue();
  }

  final String keyOf(Visitor visitor) {
    return String.valueOf(keys.get(visitor));
  }

  final String key(@Nullable String org, @Nullable Duration validFor, KeyScope... scopes) {
    KeySecret secret = KeySecret.generate();
    assertThat(server.keys().add(secret, org, Set.of(scopes), validFor).prefix())
        .isEqualTo(secret.prefix());
    return secret.reveal();
  }

  static void assertProblem(Answer answer, int status, String errorCode) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.header("content-type")).contains("application/problem+json");
    assertThat(answer.json().path("error_code").textValue()).isEqualTo(errorCode);
  }
}
