package dev.jackpot.tests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that opens a page in a browser; tagged {@code browser}. It is skipped, saying so, where
 * neither {@code JACKPOT_BROWSER} names one nor the PATH has chromium or google-chrome.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("browser")
@ExtendWith(Needs.BrowserCondition.class)
public @interface RequiresBrowser {}
