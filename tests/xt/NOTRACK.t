# What iptables makes of `-j NOTRACK` is CT (CT.t); this is the target of that name.
: raw PREROUTING
alone 0                                      ; -j NOTRACK ; REFUSED it needs connection tracking
6 alone 0                                    ; -j NOTRACK ; REFUSED it needs connection tracking
-t mangle -j NOTRACK                         ;   ; FAIL Invalid argument
