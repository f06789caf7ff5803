: filter INPUT,FORWARD
-m mac --mac-source 00:11:22:33:44:55 ; = ; OK
    udp path=input ether=001122334455     ; yes
    udp path=forward ether=001122334455   ; yes
    udp path=input ether=001122334456     ; no
    udp path=input ether=011122334455     ; no
    udp path=input                        ; no      # not an Ethernet device
    udp path=forward                      ; no
    udp path=input ether=001122334455 to=broadcast ; yes
    udp path=input ether=001122334455 to=other ; unreached
    udp path=forward ether=001122334455 to=multicast ; unreached
    udp path=forward ether=001122334455 frag=5 ; yes    # fragments have a frame too
    path=input ether=001122334455 len=20  ; yes
-m mac ! --mac-source 00:11:22:33:44:55 ; = ; OK
    udp path=input ether=001122334455     ; no
    udp path=input ether=001122334456     ; yes
    udp path=input                        ; no      # outside the inversion
    udp path=forward                      ; no
-m mac --mac-source ff:ff:FF:ff:ff:ff     ; -m mac --mac-source ff:ff:ff:ff:ff:ff ; OK
    udp path=input ether=ffffffffffff     ; yes
-m mac --mac-source 00:00:00:00:00:00     ; = ; OK
    udp path=input ether=000000000000     ; yes
    udp path=input                        ; no
6 -m mac --mac-source 00:11:22:33:44:55   ; = ; OK
    udp path=input ether=001122334455     ; yes
    udp path=forward ether=001122334455   ; yes
    udp path=forward ether=001122334454   ; no
    udp path=forward                      ; no
    frag=8 udp path=input ether=001122334455 ; yes
6 -m mac ! --mac-source 00:11:22:33:44:55 ; = ; OK
    udp path=input ether=001122334455     ; no
    udp path=input ether=101122334455     ; yes
    udp path=input                        ; no
6 patch 8 02                              ; -m mac ! --mac-source 00:11:22:33:44:55 ; OK     # xored into the answer: always true
    udp path=input ether=001122334455     ; yes
    udp path=input ether=101122334455     ; yes
    udp path=input                        ; no
6 patch 8 00 00 00 80                     ; -m mac ! --mac-source 00:11:22:33:44:55 ; OK
    udp path=input ether=001122334455     ; yes
-m mac --mac-source 42:01:02:03:04        ;  ; FAIL Invalid MAC
-m mac                                    ;  ; FAIL must be specified
bytes 00 00                               ;  ; FAIL 2 bytes of data, expected 12
