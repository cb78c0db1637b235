package dev.jackpot.tests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of many minutes; tagged {@code long}. It is skipped, saying so, unless {@code
 * JACKPOT_LONG_TESTS=1}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("long")
@ExtendWith(Needs.LongCondition.class)
public @interface LongRunning {}
