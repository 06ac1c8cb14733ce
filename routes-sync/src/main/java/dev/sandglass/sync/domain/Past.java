package dev.sandglass.sync.domain;

import java.util.List;

/**
 * Changes of a list out of the ledger.
 *
 * @param after the number above which they were asked for
 * @param frames in order
 * @param seq the list's number in the ledger
 */
public record Past(String list, long after, List<Frame> frames, long seq) {

    /** True where this also answers a socket that asks for the changes above another number: with some of these, or with none. */
    public boolean reaches(long number) {
        long last = after + frames.size();
        return number >= after && (number < last || last >= seq);
    }
}
