: filter OUTPUT,INPUT,FORWARD
-m recent --rcheck                            ; -m recent --rcheck --name DEFAULT --mask 255.255.255.255 --rsource ; OK
    tcp src=10.0.0.1                          ; no
-m recent --set --name seen                   ; -m recent --set --name seen --mask 255.255.255.255 --rsource ; OK
    tcp src=10.0.0.1                          ; yes
    tcp src=10.0.0.1 path=input               ; yes
    udp frag=2 path=forward                   ; yes
-m recent ! --set --name seen --rdest         ; -m recent ! --set --name seen --mask 255.255.255.255 --rdest ; OK
    tcp                                       ; no
-m recent ! --update --name nobody            ; -m recent ! --update --name nobody --mask 255.255.255.255 --rsource ; OK
    tcp                                       ; yes
    tcp path=forward                          ; yes
-m recent --name a --set -m recent --name a --rcheck --hitcount 3 ; -m recent --set --name a --mask 255.255.255.255 --rsource -m recent --rcheck --hitcount 3 --name a --mask 255.255.255.255 --rsource ; OK
    tcp src=10.0.0.1                          ; no          # once
    tcp src=10.0.0.1                          ; no
    tcp src=10.0.0.2                          ; no
    tcp src=10.0.0.1                          ; yes         # the third time
    tcp src=10.0.0.1 path=forward             ; yes         # the list is one for all chains
    tcp src=10.0.0.2                          ; no
-m recent --name b --set --mask 255.255.255.0 -m recent --name b --rcheck --hitcount 2 ; -m recent --set --name b --mask 255.255.255.0 --rsource -m recent --rcheck --hitcount 2 --name b --mask 255.255.255.255 --rsource ; OK
    tcp src=10.0.0.1                          ; no
    tcp src=10.0.0.2                          ; yes         # the mask of the first rule is the list's
    tcp src=10.0.1.2                          ; no
-m recent --name c --set -m recent --name c --rcheck --rttl --hitcount 2 ; -m recent --set --name c --mask 255.255.255.255 --rsource -m recent --rcheck --hitcount 2 --rttl --name c --mask 255.255.255.255 --rsource ; OK
    tcp src=10.0.0.1 ttl=9 path=input         ; no
    tcp src=10.0.0.1 ttl=8 path=input         ; yes         # set takes the TTL of the last packet
    tcp src=10.0.0.1 ttl=8 path=forward       ; yes
-m recent --name d --set -m recent --name d --remove -m recent --name d ! --rcheck ; -m recent --set --name d --mask 255.255.255.255 --rsource -m recent --remove --name d --mask 255.255.255.255 --rsource -m recent ! --rcheck --name d --mask 255.255.255.255 --rsource ; OK
    tcp                                       ; yes
    tcp                                       ; yes
-m recent --name e --set -m recent --name e --update --seconds 3600 --reap --hitcount 4 ; -m recent --set --name e --mask 255.255.255.255 --rsource -m recent --update --seconds 3600 --reap --hitcount 4 --name e --mask 255.255.255.255 --rsource ; OK
    tcp                                       ; no
    tcp                                       ; no
    tcp                                       ; no
    tcp                                       ; yes         # and is noted once more
    tcp                                       ; yes
-m recent --name f --rcheck --seconds 4294967295 ; -m recent --rcheck --seconds -1 --name f --mask 255.255.255.255 --rsource ; OK
    tcp                                       ; no
6 -m recent --name a6 --set --mask ffff:: -m recent --name a6 --rcheck --hitcount 2 --rdest ; -m recent --set --name a6 --mask ffff:: --rsource -m recent --rcheck --hitcount 2 --name a6 --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rdest ; OK
    tcp src=2001:db8::1 dst=2001:db8::2       ; no
    tcp src=2001:db9::1 dst=2001:db8::2       ; yes         # all of 2001::/16 is one
-m recent                                     ;  ; FAIL you must specify
-m recent --set --rttl                        ;  ; FAIL cannot be used together
-m recent --rcheck --reap                     ;  ; FAIL also requires
-m recent --set --name a/b                    ;  ; FAIL Invalid argument
-m recent --rcheck --name g --seconds 5       ; -m recent --rcheck --seconds 5 --name g --mask 255.255.255.255 --rsource ; OK
patch 8 02                                    ;  ; FAIL set or remove
patch 8 03                                    ;  ; FAIL operation bits 0x3
patch 8 41                                    ;  ; FAIL operation bits 0x41
patch 8 24 00                                 ; -m recent --update --seconds 5 --reap --name g --mask 255.255.255.255 --rsource ; OK
patch 4 ff ff                                 ; -m recent --rcheck --seconds 5 --hitcount 65535 --name g --mask 255.255.255.255 --rsource ; OK
    tcp                                       ; no
patch 4 00 00 01                              ;  ; FAIL hit count 65536
patch 10 00                                   ;  ; FAIL a list name
patch 10 '..' 00                              ;  ; FAIL a list name
patch 210 02                                  ; -m recent --rcheck --seconds 5 --name g --mask 255.255.255.255 ; OK
revision 0 05 00*3 02 00*3 01 01 'old' 00*200 ; -m recent ! --rcheck --seconds 5 --hitcount 2 --name old --mask 255.255.255.255 --rsource ; OK
    tcp                                       ; yes
bytes 00                                      ;  ; FAIL 1 bytes of data, expected
