# What iptables makes of `-m state` is conntrack: state.t holds revision 0 of `state` itself, by its bytes.
: filter INPUT
alone 0 04 00 00 00                          ; -m state --state RELATED ; REFUSED it needs connection tracking
alone 0 01 00 00 00                          ; -m state --state INVALID ; REFUSED it needs connection tracking
alone 0 0f 01 00 00                          ; -m state --state INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED ; REFUSED connection tracking
alone 0 f7 ff ff ff                          ; -m state --state INVALID,RELATED,ESTABLISHED,UNTRACKED ; REFUSED connection tracking
6 alone 0 08 00 00 00                        ; -m state --state NEW ; REFUSED connection tracking
6 alone 0 02 00 00 00                        ; -m state --state ESTABLISHED ; REFUSED connection tracking
bytes 08 00 00                               ;   ; FAIL 3 bytes of data, expected 4
