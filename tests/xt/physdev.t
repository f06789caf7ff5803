: filter FORWARD,INPUT,OUTPUT
-m physdev --physdev-in eth0                 ; = ; OK
    udp path=forward                         ; no           # no packet here is bridged
    udp path=input                           ; no
    udp                                      ; no
-m physdev ! --physdev-in eth+               ; = ; OK
    udp path=forward                         ; yes
    udp path=input                           ; yes
    udp                                      ; yes
-m physdev --physdev-is-in                   ; = ; OK
    udp path=input                           ; no
-m physdev ! --physdev-is-in                 ; = ; OK
    udp path=input                           ; yes
-m physdev --physdev-is-bridged              ; = ; OK
    udp path=forward                         ; no
-m physdev ! --physdev-is-bridged            ; = ; OK
    udp path=forward                         ; yes
    udp                                      ; yes
-m physdev ! --physdev-is-bridged --physdev-in eth0 ; -m physdev --physdev-in eth0 ! --physdev-is-bridged ; OK
    udp path=forward                         ; no
-m physdev ! --physdev-is-bridged ! --physdev-in eth0 ; -m physdev ! --physdev-in eth0 ! --physdev-is-bridged ; OK
    udp path=forward                         ; yes
-m physdev --physdev-is-in --physdev-in lo   ; = ; OK
-m physdev --physdev-out eth1 --physdev-is-bridged ; = ; OK         # from OUTPUT as well, where bridged alone
    udp                                      ; no
-m physdev ! --physdev-out eth1 --physdev-is-bridged ; = ; OK
    udp                                      ; no
-m physdev --physdev-in eth0 --physdev-out eth1 --physdev-is-bridged ; = ; OK
patch 64 07                                  ;   ; FAIL the port to go out by
patch 64 03                                  ; -m physdev ! --physdev-in eth0 ! --physdev-out eth1 --physdev-is-bridged ; OK
    udp                                      ; no
patch 65 00                                  ;   ; FAIL bitmask 0x0
patch 65 20                                  ;   ; FAIL bitmask 0x20
patch 65 01                                  ; -m physdev --physdev-in eth0 ; OK
patch 64 ff 01                               ; -m physdev ! --physdev-in eth0 ; OK
    udp                                      ; yes
6 -m physdev --physdev-in eth0               ; = ; OK
    udp path=forward                         ; no
6 -m physdev ! --physdev-in eth0 ! --physdev-is-in ; -m physdev ! --physdev-is-in ! --physdev-in eth0 ; OK
    udp path=forward                         ; yes
    udp path=input                           ; yes
    udp                                      ; yes
-m physdev --physdev-out eth1                ;   ; FAIL Invalid argument
-m physdev --physdev-is-out                  ;   ; FAIL Invalid argument
-m physdev                                   ;   ; FAIL physdev
bytes 00 00 00 00                            ;   ; FAIL 4 bytes of data, expected 66
