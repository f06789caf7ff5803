: filter OUTPUT,INPUT,FORWARD
-m pkttype --pkt-type unicast             ; = ; OK
    udp                                   ; yes     # what the host sends
    udp dst=224.0.0.9                     ; yes     # to a group: not of this address is it asked
    udp path=input                        ; yes     # a device without frames
    udp path=forward                      ; yes
    udp path=input ether=020000000009     ; yes
    udp path=forward ether=020000000009   ; yes
    udp path=input ether=020000000009 to=broadcast ; no
    udp path=input ether=020000000009 to=multicast ; no
    udp path=input ether=020000000009 to=other ; unreached
    udp path=forward ether=020000000009 to=broadcast ; unreached
-m pkttype ! --pkt-type unicast           ; = ; OK
    udp                                   ; no
    udp path=input                        ; no
    udp path=input ether=020000000009     ; no
    udp path=input ether=020000000009 to=broadcast ; yes
    udp path=input ether=020000000009 to=multicast ; yes
-m pkttype --pkt-type host                ; -m pkttype --pkt-type unicast ; OK
-m pkttype --pkt-type broadcast           ; = ; OK
    udp                                   ; no
    udp path=input ether=020000000009     ; no
    udp path=input ether=020000000009 to=broadcast ; yes
    udp path=input ether=020000000009 to=multicast ; no
    frag=5 udp path=forward ether=020000000009 ; no
-m pkttype --pkt-type bcast               ; -m pkttype --pkt-type broadcast ; OK
-m pkttype ! --pkt-type broadcast         ; = ; OK
    udp path=input ether=020000000009 to=broadcast ; no
    udp path=input ether=020000000009 to=multicast ; yes
    udp                                   ; yes
-m pkttype --pkt-type multicast           ; = ; OK
    udp path=input ether=020000000009 to=multicast ; yes
    udp path=input ether=020000000009 to=broadcast ; no
    udp dst=224.0.0.9                     ; no
-m pkttype --pkt-type otherhost           ; = ; OK
    udp path=input ether=020000000009 to=other ; unreached
    udp path=input ether=020000000009     ; no
-m pkttype ! --pkt-type otherhost         ; = ; OK
    udp path=input ether=020000000009     ; yes
    udp path=input ether=020000000009 to=other ; unreached
6 -m pkttype --pkt-type unicast           ; = ; OK
    udp                                   ; yes
    udp path=input ether=020000000009     ; yes
    udp path=input ether=020000000009 to=multicast ; no
    udp path=forward ether=020000000009   ; yes
    udp path=forward ether=020000000009 to=multicast ; unreached
    udp path=input ether=020000000009 to=other ; unreached
6 -m pkttype ! --pkt-type multicast       ; = ; OK
    udp path=input ether=020000000009 to=multicast ; no
    udp path=input ether=020000000009 to=broadcast ; yes
    frag=8 udp path=input ether=020000000009 to=multicast ; no
6 patch 4 02                              ; -m pkttype ! --pkt-type multicast ; OK     # xored into the answer: always true
    udp path=input ether=020000000009 to=multicast ; yes
    udp path=input ether=020000000009     ; yes
6 patch 0 04 00 00 00 00                  ; -m pkttype --pkt-type 4 ; OK
    udp                                   ; no
    udp path=forward                      ; no
6 patch 0 05                              ; -m pkttype ! --pkt-type 5 ; OK             # never kept as such
    udp                                   ; yes
6 patch 0 fe ff ff ff 00                  ; -m pkttype --pkt-type -2 ; OK
    udp                                   ; no
-m pkttype --pkt-type loopback            ;   ; FAIL Bad packet type
-m pkttype --pkt-type wrong               ;   ; FAIL Bad packet type
-m pkttype                                ;   ; FAIL must be specified
bytes 00                                  ;   ; FAIL 1 bytes of data, expected 8
