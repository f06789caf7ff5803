: filter OUTPUT,INPUT,FORWARD
-j REJECT                                       ; -j REJECT --reject-with icmp-port-unreachable ; OK
    udp path=forward ; yes
    udp path=input ; yes
    udp frag=4 path=forward ; yes
    udp len=20 path=forward ; yes
-j REJECT --reject-with icmp-net-unreachable    ; = ; OK
    udp path=forward ; yes
-j REJECT --reject-with icmp-host-unreachable   ; = ; OK
-j REJECT --reject-with icmp-proto-unreachable  ; = ; OK
-j REJECT --reject-with icmp-net-prohibited     ; = ; OK
-j REJECT --reject-with icmp-host-prohibited    ; = ; OK
-j REJECT --reject-with icmp-admin-prohibited   ; = ; OK
-j REJECT --reject-with port-unreach            ; -j REJECT --reject-with icmp-port-unreachable ; OK
patch 0 04                                      ;   ; FAIL answer 4
patch 0 09                                      ;   ; REFUSED answer 9
patch 0 03 01                                   ;   ; REFUSED answer 259
-p tcp -j REJECT --reject-with tcp-reset        ; = ; OK
    tcp path=forward ; yes
    tcp flags=RST path=forward ; yes
    tcp len=30 path=forward ; yes
    udp path=forward ; no
patch 0 07                                      ; -p tcp -j REJECT --reject-with tcp-reset ; OK
-p tcp -m tcp --dport 23 -j REJECT --reject-with tcp-reset ; = ; OK
    tcp dport=23 path=input ; yes
    tcp dport=24 path=input ; no
6 -j REJECT                                     ; -j REJECT --reject-with icmp6-port-unreachable ; OK
    udp path=forward ; yes
    udp path=input ; yes
    frag=4 udp path=forward ; yes
6 -j REJECT --reject-with icmp6-no-route        ; = ; OK
    udp path=forward ; yes
6 -j REJECT --reject-with icmp6-adm-prohibited  ; = ; OK
6 -j REJECT --reject-with icmp6-addr-unreachable ; = ; OK
6 -j REJECT --reject-with icmp6-policy-fail     ; = ; OK
6 -j REJECT --reject-with icmp6-reject-route    ; = ; OK
6 patch 0 05                                    ;   ; FAIL answer 5
6 patch 0 09                                    ;   ; REFUSED answer 9
6 patch 0 06                                    ;   ; FAIL tcp-reset without -p tcp
6 -p tcp -j REJECT --reject-with tcp-reset      ; = ; OK
    tcp path=forward ; yes
    udp path=forward ; no
-j REJECT --reject-with tcp-reset               ;   ; FAIL Invalid argument
! -p tcp -j REJECT --reject-with tcp-reset      ;   ; FAIL Invalid argument
-p udp -j REJECT --reject-with tcp-reset        ;   ; FAIL Invalid argument
6 -j REJECT --reject-with tcp-reset             ;   ; FAIL Invalid argument
-j REJECT --reject-with icmp-nonsense           ;   ; FAIL unknown reject type
-t mangle -j REJECT                             ;   ; FAIL Invalid argument
bytes 03 00                                     ;   ; FAIL 2 bytes of data, expected 4
