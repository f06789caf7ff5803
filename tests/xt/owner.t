: filter OUTPUT
# The sender is a raw socket of user 0 and group 0.
-m owner --uid-owner 0                       ; = ; OK
    udp                                      ; yes
    tcp                                      ; yes
    udp frag=5                               ; yes
    len=20                                   ; yes
-m owner --uid-owner root                    ; -m owner --uid-owner 0 ; OK
-m owner --uid-owner 1                       ; = ; OK
    udp                                      ; no
-m owner --uid-owner 0-10                    ; = ; OK
    udp                                      ; yes
-m owner --uid-owner 1-4294967294            ; = ; OK
    udp                                      ; no
-m owner ! --uid-owner 0-10                  ; = ; OK
    udp                                      ; no
-m owner ! --uid-owner 1-10                  ; = ; OK
    udp                                      ; yes
-m owner --gid-owner 0                       ; = ; OK
    udp                                      ; yes
-m owner --gid-owner 1-5                     ; = ; OK
    udp                                      ; no
-m owner ! --gid-owner 0                     ; = ; OK
    udp                                      ; no
-m owner ! --gid-owner 100-200               ; = ; OK
    udp                                      ; yes
-m owner --gid-owner 0-10 --suppl-groups     ; = ; OK
    udp                                      ; yes
-m owner --gid-owner 5-10 --suppl-groups     ; = ; OK
    udp                                      ; no
-m owner ! --gid-owner 5-10 --suppl-groups   ; = ; OK
    udp                                      ; yes
-m owner --uid-owner 0 --gid-owner 0         ; = ; OK
    udp                                      ; yes
-m owner --uid-owner 0 --gid-owner 1         ; = ; OK
    udp                                      ; no
-m owner ! --uid-owner 0-10 ! --gid-owner 5  ; = ; OK
    udp                                      ; no
-m owner ! --uid-owner 1 ! --gid-owner 5     ; = ; OK
    udp                                      ; yes
-m owner --socket-exists                     ; = ; OK
    udp                                      ; yes
-m owner ! --socket-exists                   ; = ; OK
    udp                                      ; no
-m owner --socket-exists --uid-owner 3       ; = ; OK
    udp                                      ; no
-m owner ! --socket-exists --uid-owner 0     ; = ; OK
    udp                                      ; no
patch 16 00 00                               ; -m owner ; OK             # nothing is asked for
    udp                                      ; yes
patch 16 00 03                               ; -m owner ; OK             # inverted or not
    udp                                      ; yes
patch 16 01 f0                               ; -m owner --uid-owner 0 ; OK
    udp                                      ; yes
patch 16 08 08                               ; -m owner ! --suppl-groups ; OK   # without a group nothing
    udp                                      ; yes
patch 16 10 00                               ;   ; FAIL match 0x10
patch 0 05 00 00 00 04 00 00 00              ;   ; FAIL users 5-4
patch 4 ff ff ff ff                          ;   ; FAIL users 0-4294967295
patch 16 02 00                               ; -m owner --gid-owner 0 ; OK
patch 8 05 00 00 00 04 00 00 00 02 00        ;   ; FAIL groups 5-4
patch 8 05 00 00 00 04 00 00 00 01 00        ; -m owner --uid-owner 0 ; OK    # what is not asked for is not checked
6 -m owner --uid-owner 0                     ; = ; OK
    udp                                      ; yes
    frag=8 udp                               ; yes
6 -m owner ! --uid-owner 0                   ; = ; OK
    udp                                      ; no
6 -m owner --uid-owner 0 ! --gid-owner 7-9   ; = ; OK
    udp                                      ; yes
-m owner --uid-owner 4294967295              ;   ; FAIL Bad value
-m owner --uid-owner nosuchuser              ;   ; FAIL Bad value
-m owner                                     ;   ; FAIL At least one of
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 20
