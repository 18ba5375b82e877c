package ai.pediscreen.telemetry.server.config;

import picocli.CommandLine;

/** The version that the build wrote into the jar. */
public final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"telemetry-server " + number()};
  }

  public static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
