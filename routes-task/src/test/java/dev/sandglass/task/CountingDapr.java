package dev.sandglass.task;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sandglass.support.MemoryDapr;
import dev.sandglass.support.Stored;
import java.util.Collection;
import java.util.Map;

/** A sidecar in memory that counts the characters it is asked for. */
public final class CountingDapr extends MemoryDapr {
    private long most;
    private long all;

    public CountingDapr() {
        super(1);
    }

    @Override
    public synchronized Map<String, Stored> read(Collection<String> keys) {
        Map<String, Stored> found = super.read(keys);
        long read = found.values().stream()
                .mapToLong(stored -> stored.json() == null ? 0 : stored.json().length())
                .sum();
        most = Math.max(most, read);
        all += read;
        return found;
    }

    public synchronized void readsNoMoreAtOnceThan(long characters) {
        assertTrue(most <= characters, () -> most + " characters were read at once");
    }

    /** All that was read since this was last asked. */
    public synchronized long read() {
        long read = all;
        all = 0;
        return read;
    }
}
