package ai.pediscreen.telemetry.bigquery;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where GoogleSQL's analyser and evaluator are: native code that is built for one system. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "GoogleSQL's evaluator is native code for Linux on amd64")
@interface RunsGoogleSql {}
