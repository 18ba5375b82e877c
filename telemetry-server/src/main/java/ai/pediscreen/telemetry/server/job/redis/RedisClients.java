package ai.pediscreen.telemetry.server.job.redis;

import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * How Redis is connected to: with a small pool, and no answer waited for longer than two seconds.
 */
final class RedisClients {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final int CONNECTIONS = 8;

  private RedisClients() {}

  /**
   * A client that connects when it is first asked.
   *
   * @param longestBlock how long a read may wait for what is read
   */
  static RedisClient of(RedisUrl url, Duration longestBlock) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(CONNECTIONS);
    pool.setMaxIdle(CONNECTIONS);
    pool.setMaxWait(TIMEOUT);
    // A connection to a Redis that was restarted meanwhile is found out here and replaced.
    pool.setTestOnBorrow(true);
    pool.setJmxEnabled(false);
    return RedisClient.builder()
        .hostAndPort(url.host(), url.port())
        .clientConfig(clientConfig(url, longestBlock))
        .poolConfig(pool)
        .build();
  }

  private static JedisClientConfig clientConfig(RedisUrl url, Duration longestBlock) {
    int timeout = Math.toIntExact(TIMEOUT.toMillis());
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .resp2()
            .user(url.user())
            .password(url.password())
            .database(url.database())
            .clientName("telemetry-server")
            .connectionTimeoutMillis(timeout)
            .socketTimeoutMillis(timeout)
            .blockingSocketTimeoutMillis(Math.toIntExact(longestBlock.plus(TIMEOUT).toMillis()));
    if (url.tls()) {
      config.sslOptions(SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
    }
    return config.build();
  }
}
