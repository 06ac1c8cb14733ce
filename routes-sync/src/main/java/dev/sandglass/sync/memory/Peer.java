package dev.sandglass.sync.memory;

import java.util.concurrent.ScheduledExecutorService;

/** The client at the other end of a socket. Before it is open, only its loop is used. */
public interface Peer {
    /** All that is done with the socket is done there. */
    ScheduledExecutorService loop();

    boolean isClosed();

    /** @return true where the client said that it goes */
    boolean tookLeave();

    /** @return true while it reads more slowly than it is sent */
    boolean isFull();

    void send(String text);

    void ping();

    /** Closes it, and makes sure that it is closed. */
    void close(short code, String reason);
}
