package ai.pediscreen.telemetry.server.job.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.exceptions.JedisException;

class RedisSharedUseIT {

  @TempDir private Path directory;

  @Test
  void eachServer_countsTheUseOfTheOthers_once() throws Exception {
    try (RedisProcess redis = RedisProcess.start(directory);
        RedisSharedUse one = new RedisSharedUse(redis.url());
        RedisSharedUse other = new RedisSharedUse(redis.url())) {
      assertThat(one.exchange(Map.of())).isEmpty();
      assertThat(one.exchange(Map.of("events:org a", 5L))).isEmpty();
      assertThat(other.exchange(Map.of("events:org a", 3L, "events:org b", 1L)))
          .as("what was before")
          .isEmpty();

      assertThat(one.exchange(Map.of())).containsExactly(Map.entry("events:org a", 3L));
      assertThat(one.exchange(Map.of("events:org a", 2L))).isEmpty();
      assertThat(other.exchange(Map.of("events:org a", 4L)))
          .containsExactly(Map.entry("events:org a", 2L));
      assertThat(one.exchange(Map.of())).containsExactly(Map.entry("events:org a", 4L));

      redis.kill();
      assertThatThrownBy(() -> one.exchange(Map.of("events:org a", 1L)))
          .isInstanceOf(JedisException.class);
    }
  }
}
