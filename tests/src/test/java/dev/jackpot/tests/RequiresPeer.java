package dev.jackpot.tests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test against an independent implementation in Python (tests/peers); tagged {@code peer}. It is
 * skipped, saying so, where there is neither {@code tests/peers/.venv} (made by
 * tests/peers/make-venv) nor {@code JACKPOT_PEER_PYTHON}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("peer")
@ExtendWith(Needs.PeerCondition.class)
public @interface RequiresPeer {}
