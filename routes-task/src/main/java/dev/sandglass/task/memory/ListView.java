package dev.sandglass.task.memory;

import dev.sandglass.task.domain.LedgerTask;
import dev.sandglass.task.domain.finding.Findable;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The tasks of a list in memory, as they were after one of its changes or later. */
public final class ListView {
    /** One request at a time reads for it, so that many that wait for the same read it once. */
    final Semaphore turn = new Semaphore(1);

    private final String list;
    private final Map<Integer, Findable> tasks = new ConcurrentHashMap<>();
    private volatile long seq = -1;
    private volatile long used = System.nanoTime();
    private int counted;
    private boolean forgotten;

    ListView(String list) {
        this.list = list;
    }

    String list() {
        return list;
    }

    /** The tasks that are here, ready to be searched. */
    public Collection<Findable> tasks() {
        return tasks.values();
    }

    /** The change it is up to date with. */
    long seq() {
        return seq;
    }

    boolean loaded() {
        return seq >= 0;
    }

    /** Takes a task as it was read, unless a newer one is here. */
    void put(LedgerTask task) {
        tasks.compute(task.number(), (number, known) -> {
            if (known != null && known.task().version() > task.task().version()) {
                return known;
            }
            return task.here() ? Findable.of(task.task()) : null;
        });
    }

    /** Its user locks it. */
    void reached(long newSeq) {
        seq = Math.max(seq, newSeq);
    }

    void clear() {
        seq = -1;
        tasks.clear();
    }

    void use() {
        used = System.nanoTime();
    }

    long used() {
        return used;
    }

    /** By how many tasks it has grown since this was asked; one that is forgotten counts no more. Its user locks it. */
    int grown() {
        int grown = forgotten ? 0 : tasks.size() - counted;
        counted += grown;
        return grown;
    }

    /** How many tasks it counted for. Its user locks it. */
    int forgotten() {
        int before = forgotten ? 0 : counted;
        forgotten = true;
        return before;
    }
}
