: mangle OUTPUT,INPUT,FORWARD
-j TTL --ttl-set 42                       ; = ; OK
    udp path=forward                      ; yes
    udp frag=4 path=forward               ; yes
-j TTL --ttl-set 0                        ; = ; OK
-j TTL --ttl-inc 1                        ; = ; OK
-j TTL --ttl-dec 255                      ; = ; OK
patch 0 03                                ;   ; FAIL mode 3
patch 0 01 00                             ;   ; FAIL a step of 0
-j TTL --ttl-dec 0                        ;   ; FAIL out of range
-j TTL                                    ;   ; FAIL must specify an action
-t filter -j TTL --ttl-set 1              ;   ; FAIL Invalid argument
bytes 01                                  ;   ; FAIL 1 bytes of data, expected 2
