package io.millrace;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.lmax.disruptor.Sequence;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** The build runs the tests under the flags that users are given, with assertions on except in the Disruptor. */
class JvmFlagsTest {
    private final Module base = Object.class.getModule();

    @Test
    void shouldOpenAndExportWhatTheFlagFileNames() {
        final Module unnamed = getClass().getModule();

        assertTrue(base.isOpen(Method.class.getPackageName(), unnamed));
        assertTrue(base.isOpen("sun.nio.ch", unnamed));
        assertTrue(base.isExported("jdk.internal.misc", unnamed));
        assertTrue(base.isExported("jdk.internal.ref", unnamed));
        assertTrue(Boolean.getBoolean("chronicle.analytics.disable"));
    }

    @Test
    void shouldAssertInOurCodeAndNotInTheDisruptor() {
        assertTrue(getClass().desiredAssertionStatus());
        assertFalse(Sequence.class.desiredAssertionStatus());
    }
}
