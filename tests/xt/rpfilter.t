: raw PREROUTING
-m rpfilter                                  ; = ; OK
    udp path=prerouting                      ; yes         # 10.0.0.1 lies behind the device
    udp path=prerouting src=10.25.0.1        ; yes
    udp path=prerouting src=10.26.0.1        ; no          # the way back leaves by another
    udp path=prerouting src=8.8.8.8          ; no
    udp path=prerouting src=10.24.0.1        ; no          # blackhole
    udp path=prerouting src=10.0.0.254       ; no          # an address of this host
    udp path=prerouting src=10.0.0.255       ; no          # broadcast
    udp path=prerouting src=10.23.0.1        ; no          # a route of type multicast
    udp path=prerouting src=0.0.0.0 dst=255.255.255.255 ; yes
    udp path=prerouting src=0.0.0.0 dst=224.0.0.9 ; yes
    udp path=prerouting src=0.0.0.0 dst=224.0.1.9 ; no
    udp path=prerouting src=10.26.0.1 frag=7 ; no
    udp path=prerouting ether=020000000002   ; no          # in by a device without routes
-m rpfilter --loose                          ; = ; OK
    udp path=prerouting src=10.26.0.1        ; yes
    udp path=prerouting src=8.8.8.8          ; yes
    udp path=prerouting src=10.24.0.1        ; no
    udp path=prerouting src=10.0.0.254       ; no
    udp path=prerouting ether=020000000002   ; yes
-m rpfilter --accept-local                   ; = ; OK
    udp path=prerouting src=10.0.0.254       ; yes
    udp path=prerouting src=10.20.0.1        ; no          # of another device
    udp path=prerouting src=10.0.0.255       ; no
-m rpfilter --loose --validmark --accept-local --invert ; = ; OK
    udp path=prerouting src=10.20.0.1        ; no
    udp path=prerouting src=10.24.0.1        ; yes
patch 0 10                                   ;   ; FAIL flags 0x10
6 -m rpfilter                                ; = ; OK
    udp path=prerouting                      ; yes
    udp path=prerouting src=2001:db8:25::7   ; yes
    udp path=prerouting src=2001:db8:20::7   ; no
    udp path=prerouting src=2001:db8:99::7   ; no
    udp path=prerouting src=2001:db8:24::7   ; no
    udp path=prerouting src=::               ; yes
    udp path=prerouting src=2001:db8::fe     ; no
    udp path=prerouting src=2001:db8:20::    ; no          # anycast
6 -m rpfilter --loose                        ; = ; OK
    udp path=prerouting src=2001:db8:99::7   ; yes
    udp path=prerouting src=2001:db8:24::7   ; no
6 -m rpfilter --accept-local --invert        ; = ; OK
    udp path=prerouting src=2001:db8::fe     ; no
    udp path=prerouting src=2001:db8:20::7   ; yes
6 patch 0 80                                 ;   ; FAIL flags 0x80
-m rpfilter --loose-ish                      ;   ; FAIL unknown option
bytes                                        ;   ; FAIL 0 bytes of data, expected 1
